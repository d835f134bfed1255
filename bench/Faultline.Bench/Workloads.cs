namespace Faultline.Bench;

/// <summary>
/// The programs of the comparison, in the order of the table. Outside the start-up group each takes about half a second natively; those for AVX2 and x87 a
/// tenth of a second, because emulators may take a hundred times as long.
/// </summary>
internal static class Workloads
{
    /// <summary>The group that is about the first moments of a run: its rows stay out of the overall means.</summary>
    public const string StartUp = "start-up";

    /// <summary>The group of loops of system calls and of processes: about the kernel, not about code, and so out of the overall means too.</summary>
    public const string Kernel = "system calls";

    /// <summary>Groups that stay out of the overall means.</summary>
    public static bool IsApart(string group) => group is StartUp or Kernel;

    /// <summary>All of them.</summary>
    public static readonly Workload[] All =
    [
        new("integer", "xorshift", "xorshift", "400000000"),
        new("integer", "sieve", "sieve", "80"),
        new("integer", "crc", "crc", "190"),

        new("branches", "insertion-sort", "insertion-sort", "66000"),
        new("branches", "quicksort", "quicksort", "1000000", "8"),
        new("branches", "state-machine", "state-machine", "240"),

        new("floating point", "matmul", "matmul", "40"),
        new("floating point", "nbody", "nbody", "10000000"),
        new("floating point", "mandelbrot", "mandelbrot", "2100"),

        new("AVX2", "avx2-integer", "avx2-integer", "400000") { NeedsAvx2 = true },
        new("AVX2", "avx2-fma", "avx2-fma", "44") { NeedsAvx2 = true },

        new("x87", "x87", "x87", "160000000"),

        new("calls", "fib", "fib", "42"),
        new("calls", "indirect-calls", "indirect-calls", "16000"),

        new("interpreters", "bytecode", "bytecode", "550000"),
        new("interpreters", "python", "python3", "-S", "{programs}/work.py", "150"),
        new("interpreters", "perl", "perl", "{programs}/work.pl", "280"),
        new("interpreters", "lua", "lua5.4", "{programs}/work.lua", "240"),
        new("interpreters", "luajit", "luajit", "{programs}/work.lua", "640"),

        new("interpreters", "node", "node", "{programs}/work.js", "60"),

        new("library", "strings", "strings", "30000"),
        new("library", "memory", "memory", "26000"),

        new("compression", "gzip", "gzip", "-c", "{text:12}"),
        new("compression", "xz", "xz", "-T1", "-2", "-c", "{text:8}"),
        new("compression", "zstd", "zstd", "-q", "--single-thread", "--no-asyncio", "-7", "-c", "{text:28}"),

        new("hashing", "sha256sum", ["sha256sum", .. Enumerable.Repeat("{text:16}", 15)]),
        new("hashing", "md5sum", ["md5sum", .. Enumerable.Repeat("{text:16}", 24)]),
        new("hashing", "openssl-sha512", ["openssl", "dgst", "-sha512", .. Enumerable.Repeat("{text:16}", 32)]),

        new("applications", "sqlite3", "sqlite3", "-batch", ":memory:", ".read {programs}/work.sql"),
        new("applications", "cc1", "cc1", "-O2", "-quiet", "{code:80}", "-o", "-"),

        // Fetched by samples/claude/fetch: 240 MB, a JavaScript engine with its own compiler, a dozen threads.
        new("applications", "claude-help", "claude", "--help"),

        // A second natively, as the others are: what the start of a process takes has rows of its own.
        new(Kernel, "getpid", "kernel", "getpid", "7500000"),
        new(Kernel, "small-reads", "kernel", "read", "5000000"),
        new(Kernel, "stat", "kernel", "stat", "1200000"),
        new(Kernel, "mmap-munmap", "kernel", "mmap", "150000"),
        new(Kernel, "signals", "kernel", "signal", "400000"),
        new(Kernel, "page-faults", "kernel", "fault", "500000"),
        new(Kernel, "futex-ping-pong", "kernel", "futex", "50000"),
        new(Kernel, "pipe-ping-pong", "kernel", "pipe", "50000"),
        new(Kernel, "1000-processes", "sh", "-c", "for i in $(seq 1000); do /bin/true; done"),

        // Where a translator has no time to pay for itself: it must not cost more than it gains.
        new(StartUp, "true", "true"),
        new(StartUp, "brief-sort", "quicksort", "700000", "1"),
        new(StartUp, "brief-cc1", "cc1", "-O2", "-quiet", "{code:3}", "-o", "-"),
        new(StartUp, "brief-python", "python3", "-S", "{programs}/work.py", "4"),
    ];
}
