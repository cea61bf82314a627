/**
 * Results in one SARIF run: what GitHub's code scanning takes of a file, and it shows 5,000. Unit: results.
 * Source: https://docs.github.com/en/code-security/code-scanning/troubleshooting-sarif-uploads/results-exceed-limit
 */
export const MAX_SARIF_RESULTS = 25_000;
