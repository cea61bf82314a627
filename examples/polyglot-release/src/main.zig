const std = @import("std");

const version = "1.0.0";

pub fn main() !void {
    var args = std.process.args();
    _ = args.skip();
    const name = args.next() orelse "world";
    const out = std.io.getStdOut().writer();
    if (std.mem.eql(u8, name, "--version")) {
        try out.print("greet {s}\n", .{version});
    } else {
        try out.print("Hello, {s}!\n", .{name});
    }
}
