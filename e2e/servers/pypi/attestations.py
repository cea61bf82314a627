"""What pypi-attestations does, at a Sigstore of one's own: its command line knows the public one alone.

    python attestations.py sign TRUST_CONFIG TOKEN DISTRIBUTION ATTESTATION
    python attestations.py convert BUNDLE ATTESTATION
    python attestations.py provenance REPOSITORY WORKFLOW PROVENANCE ATTESTATION...
    python attestations.py verify TRUST_CONFIG IDENTITY ISSUER DISTRIBUTION ATTESTATION

TRUST_CONFIG is Sigstore's client trust config. `verify` prints the predicate type.
"""

import sys
from pathlib import Path

from pypi_attestations import Attestation, AttestationBundle, Distribution, GitHubPublisher, Provenance
from sigstore.models import Bundle, ClientTrustConfig
from sigstore.oidc import IdentityToken
from sigstore.sign import SigningContext
from sigstore.verify import Verifier
from sigstore.verify.policy import Identity


def trust_config(file: str) -> ClientTrustConfig:
    return ClientTrustConfig.from_json(Path(file).read_text())


def sign(config: str, token: str, distribution: str, out: str) -> None:
    context = SigningContext.from_trust_config(trust_config(config))
    with context.signer(IdentityToken(token)) as signer:
        attestation = Attestation.sign(signer, Distribution.from_file(Path(distribution)))
    Path(out).write_text(attestation.model_dump_json())


def convert(bundle: str, out: str) -> None:
    attestation = Attestation.from_bundle(Bundle.from_json(Path(bundle).read_text()))
    Path(out).write_text(attestation.model_dump_json())


def provenance(repository: str, workflow: str, out: str, *attestations: str) -> None:
    bundle = AttestationBundle(
        publisher=GitHubPublisher(repository=repository, workflow=workflow),
        attestations=[Attestation.model_validate_json(Path(file).read_text()) for file in attestations],
    )
    Path(out).write_text(Provenance(attestation_bundles=[bundle]).model_dump_json())


def verify(config: str, identity: str, issuer: str, distribution: str, attestation: str) -> None:
    root = trust_config(config).trusted_root
    Verifier.production = classmethod(lambda cls, *, offline=False: cls(trusted_root=root))
    found = Attestation.model_validate_json(Path(attestation).read_text())
    policy = Identity(identity=identity, issuer=issuer)
    predicate_type, _ = found.verify(policy, Distribution.from_file(Path(distribution)), offline=True)
    print(predicate_type)


command, *args = sys.argv[1:]
{"sign": sign, "convert": convert, "provenance": provenance, "verify": verify}[command](*args)
