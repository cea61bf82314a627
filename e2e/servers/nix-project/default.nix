# A derivation that needs nothing from a network: its shell is the static busybox beside it, its source a folder, and its
# one download a fixed output whose bytes it makes itself. `tools/busybox` is put there by e2e/servers/nix.ts.
let
  tools = builtins.path { path = ./tools; name = "tools"; };
  busybox = "${tools}/busybox";
  build = name: script: attributes: derivation ({
    inherit name busybox;
    system = builtins.currentSystem;
    builder = busybox;
    args = [ "sh" "-eu" "-c" script ];
  } // attributes);
in rec {
  download = build "data-1.0.txt" ''
    echo "some data" > $out
  '' {
    url = "https://downloads.example/data-1.0.txt";
    outputHashMode = "flat";
    outputHashAlgo = "sha256";
    outputHash = builtins.hashString "sha256" "some data\n";
  };

  # Two outputs; an executable, a symbolic link, a plain file.
  demo = build "demo-1.0.0" ''
    $busybox mkdir -p $out/bin $out/share $dev/include
    $busybox cp $src/demo.sh $out/bin/demo
    $busybox chmod 755 $out/bin/demo
    $busybox ln -s demo $out/bin/demo-link
    $busybox cp $download $out/share/data.txt
    echo "#define DEMO \"$version\"" > $dev/include/demo.h
  '' {
    inherit download;
    version = "1.0.0";
    outputs = [ "out" "dev" ];
    src = builtins.path { path = ./src; name = "demo-src"; };
  };

  # One file instead of a folder.
  single = build "notes.txt" ''
    echo "notes on ${demo}" > $out
  '' { };
}
