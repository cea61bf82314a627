// Which package stands on which layer. A folder that matches nothing here is an error of scripts/check-layers.mjs.
module.exports = {
  core: "core",
  contract: "plugin|oci|package-identity",
  leaf: "verify|policy|assess|platforms|releases|(?:adapter|signer|store|roots)-[^/]+",
  engine: "engine|host-node|slsa-verifier|testkit",
  data: "vectors",
};
