namespace Faultline.Cli;

/// <summary>What --help prints.</summary>
internal static class HelpText
{
    /// <summary>Of <c>faultline</c>.</summary>
    public const string Root =
        """
        Usage: faultline COMMAND [OPTIONS]
        Runs unmodified x86-64 Linux programs inside one process, and says why when something breaks.

        Commands:
          decode KIND VALUE...                   take a value apart: registers, descriptors,
                                                 page-table entries, instructions, errno,
                                                 system calls; 'faultline decode' lists all
          explain [OPTIONS] [REPORT]             say what crash reports show, and why
          inspect [OPTIONS] FILE                 what is in an ELF file; relocations of objects
          kexec [OPTIONS] PURGATORY.ro           load a purgatory as kexec_file_load(2) does
          layout [OPTIONS] IMAGE                 check functions' alignment and preambles
          run [OPTIONS] [--] PROGRAM [ARGS...]   run a program; see 'faultline run --help'

        Options:
          -h, --help     print this
              --version  print the version

        Example:
          faultline run /bin/ls -l /

        """;

    /// <summary>Of <c>faultline run</c>.</summary>
    public const string Run =
        """
        Usage: faultline run [OPTIONS] [--] PROGRAM [ARGS...]
        Runs an x86-64 Linux program. PROGRAM is looked up in PATH when it has no '/'.
        Options come before PROGRAM; all that follows it is its own.

        Options:
              --cpu MODEL         the processor: v1, v2, v3 (levels of the x86-64
                                  psABI), host-like (what the host has and Faultline
                                  implements); v3 unless given. v4 is refused so far
              --cwd DIR           start in DIR, as the program names it
              --engine ENGINE     how the program is executed: auto (interpreted, and
                                  translated where it is hot), interpreter, or
                                  translator (everything, before it first runs)
              --env NAME=VALUE    set a variable of the program's environment;
                                  --env NAME removes it; may be repeated
              --host-page-size N  load for a host with pages of N bytes: 4096 (unless
                                  given), 16384 or 65536; the program's own pages are
                                  4096 bytes whatever N is
              --load-policy P     how segments are rounded to pages: linux (unless
                                  given), guest-page, host-page-unless-overlap; or one
                                  that is broken: host-page, host-page-blank
              --net NETWORK       what the program reaches: host (what this machine
                                  reaches) or none (local sockets only); host unless
                                  --root is given, then none
              --perf-map          write /tmp/perf-PID.map, in which the host's perf(1)
                                  finds names of translated code
              --root DIR          show DIR as the program's /, and nothing outside it
              --bind HOST:GUEST   show the host's folder HOST at GUEST as well;
                                  HOST:GUEST:ro without a way to change it
              --stats             print to standard error at the end: instructions,
                                  where the time went, what was translated and is
                                  hottest, memory, system calls that are missing
              --strace            print system calls to standard error as strace(1) does
          -h, --help              print this

        Exit status:
          the program's own, or
          128+n  the program was killed by signal n; a fault report is on standard error
          127    the program, or an interpreter that it needs, was not found
          126    it was found, but could not be executed
          125    Faultline itself failed
          2      the command line is wrong

        """;

    /// <summary>Of <c>faultline decode</c>.</summary>
    public const string Decode =
        """
        Usage: faultline decode [OPTIONS] KIND VALUE...
        Takes a value apart and says what each part means. Without KIND it lists the
        kinds with an example each. Registers and bytes are hexadecimal with or without
        0x, as kernels print them; errno, signals and system calls are decimal unless
        they begin with 0x. A value that begins with '-' may follow '--'.

        Options:
              --abi ABI           of syscall-frame: x86-64, int80, ia64-break, ia64-epc
              --at ADDRESS        of instruction: the address of the first byte
              --bits N            of instruction: 16, 32 or 64 (the default)
              --file FILE         read the value from FILE, '-' for standard input
                                  (tss as a hexadecimal dump, syscall-frame)
              --json              print JSON
          -h, --help              print this

        Exit status:
          0      the value was decoded
          2      it could not be read; standard error says why

        """;
}
