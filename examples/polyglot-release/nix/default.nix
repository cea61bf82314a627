# The executable that GoReleaser built, with its manual page, as a Nix package. `tools` has a static busybox: nothing is
# downloaded. README.md says how the committed output was made.
{ tools }:
let
  busybox = "${tools}/busybox";
in
{
  greet = derivation {
    name = "greet-1.0.0";
    system = "x86_64-linux";
    builder = busybox;
    args = [
      "sh"
      "-euc"
      ''
        ${busybox} mkdir -p $out/bin $out/share/man/man1
        ${busybox} cp $executable $out/bin/greet
        ${busybox} chmod 755 $out/bin/greet
        ${busybox} cp $manual $out/share/man/man1/greet.1
      ''
    ];
    executable = ../dist/greet_x86_64-linux-musl/greet;
    manual = ../extras/greet.1;
  };
}
