/**
 * A service account of a cluster as certificates have it, which the cluster's issuer completes:
 * https://github.com/sigstore/fulcio/blob/main/pkg/identity/kubernetes/principal.go
 */
export function serviceAccountName(namespace: string, account: string): string {
  return `https://kubernetes.io/namespaces/${namespace}/serviceaccounts/${account}`;
}
