using Faultline.Explain.Decode;
using Faultline.Explain.Decode.Numbers;

namespace Faultline.Explain.Tests.Decode;

/// <summary>Error numbers, system calls and signals.</summary>
public class NumberTests
{
    private const string Headers = "/usr/include/x86_64-linux-gnu/asm";

    [Theory]
    [InlineData("14", "errno 14: EFAULT, Bad address")]
    [InlineData("-14", "errno 14: EFAULT, Bad address")]
    [InlineData("efault", "errno 14: EFAULT, Bad address")]
    [InlineData("0xfffffffffffffff2", "errno 14: EFAULT, Bad address")]
    [InlineData("fffffff2", "errno 14: EFAULT, Bad address")]
    [InlineData("EWOULDBLOCK", "errno 11: EAGAIN, Resource temporarily unavailable")]
    [InlineData("0", "errno 0: no error")]
    public void ErrnosAreFoundInEverySpelling(string word, string title) => Assert.Equal(title, Decoding.Of("errno " + word).Title);

    [Theory]
    [InlineData("EWHATEVER")]
    [InlineData("5000")]
    [InlineData("400")]
    public void WhatIsNoErrnoIsRefused(string word) => Decoding.Error("errno " + word);

    [Fact]
    public void TheKernelsOwnErrnosAreNamed()
    {
        Assert.StartsWith("errno 517: EPROBE_DEFER", Decoding.Of("errno -517").Title);
        Assert.Contains("a program never sees it", Decoding.Of("errno ERESTARTSYS").AllNotes());
        Assert.Contains("0xfffffffffffffdfb", Decoding.Of("errno -517").AllNotes());
    }

    // The numbers of each architecture's own unistd.h.
    [Theory]
    [InlineData("x86-64 0", "read")]
    [InlineData("x86-64 59", "execve")]
    [InlineData("x86-64 334", "rseq")]
    [InlineData("i386 3", "read")]
    [InlineData("i386 11", "execve")]
    [InlineData("i386 192", "mmap2")]
    [InlineData("i386 403", "clock_gettime64")]
    [InlineData("i386 439", "faccessat2")]
    [InlineData("arm64 63", "read")]
    [InlineData("arm64 221", "execve")]
    [InlineData("aarch64 38", "renameat")]
    [InlineData("riscv64 259", "riscv_flush_icache")]
    [InlineData("loongarch64 291", "statx")]
    [InlineData("loongarch 222", "mmap")]
    [InlineData("ia64 1026", "read")]
    [InlineData("ia64 1034", "chdir")]
    [InlineData("ia64 1181", "rt_sigreturn")]
    [InlineData("ia64 1357", "rseq")]
    [InlineData("ia64 0x5b6", "pidfd_getfd")]
    public void SystemCallsAreNamedByArchitecture(string words, string name) => Assert.Equal(name, Assert.Single(Decoding.Of("syscall " + words).Fields).Name);

    [Theory]
    [InlineData("openat", "257 295 56 56 56 1281")]
    [InlineData("sys_futex", "202 240 98 98 98 1230")]
    [InlineData("__NR_io_uring_setup", "425 425 425 425 425 1449")]
    [InlineData("renameat", "264 302 38 1288")]
    [InlineData("open", "2 5 1028")]
    public void ANameGivesTheNumbersOfAllArchitectures(string name, string numbers) =>
        Assert.Equal(numbers, string.Join(' ', Decoding.Of("syscall " + name).Fields.Select(field => field.Value)));

    [Theory]
    [InlineData("riscv64 38")]
    [InlineData("loongarch64 163")]
    [InlineData("ia64 435")]
    [InlineData("ia64 1459")]
    [InlineData("x86-64 100000")]
    [InlineData("pdp11 1")]
    [InlineData("nosuchcall")]
    [InlineData("-1")]
    public void CallsThatAnArchitectureLacksAreRefused(string words) => Decoding.Error("syscall " + words);

    [HeaderFact(Headers + "/unistd_32.h")]
    public void TheI386TableAgreesWithTheHostsHeader()
    {
        int compared = 0;
        foreach ((string name, int number) in Defines(Headers + "/unistd_32.h"))
        {
            Assert.Equal(name, SyscallNames.I386.ByNumber[number]);
            compared++;
        }
        Assert.True(compared > 400, $"only {compared} numbers in the header");
    }

    [HeaderFact("/usr/include/asm-generic/unistd.h")]
    public void TheGenericTableAgreesWithTheHostsHeader()
    {
        // Names that a 64-bit architecture gives to the numbers of __NR3264_ are in another part of the header.
        int compared = 0;
        foreach ((string name, int number) in Defines("/usr/include/asm-generic/unistd.h"))
        {
            if (name is "arch_specific_syscall" or "syscalls" or "sync_file_range2" || name.EndsWith("time64", StringComparison.Ordinal) || number is >= 403 and < 424)
                continue;
            Assert.True(SyscallNames.Arm64.ByNumber.TryGetValue(number, out string? known), $"{number} {name}");
            Assert.Equal(name, known);
            compared++;
        }
        Assert.True(compared > 250, $"only {compared} numbers in the header");
    }

    [Theory]
    [InlineData("SIGSEGV 2", "SEGV_ACCERR")]
    [InlineData("11 128", "SI_KERNEL")]
    [InlineData("segv SEGV_MAPERR", "SEGV_MAPERR")]
    [InlineData("SIGILL 2", "ILL_ILLOPN")]
    [InlineData("SIGBUS 4", "BUS_MCEERR_AR")]
    [InlineData("SIGSYS 1", "SYS_SECCOMP")]
    [InlineData("SIGABRT -6", "SI_TKILL")]
    [InlineData("SIGTRAP 5", "TRAP_UNK")]
    [InlineData("SIGCHLD 3", "CLD_DUMPED")]
    [InlineData("SIGPOLL 6", "POLL_HUP")]
    [InlineData("SIGUSR1 77", "?")]
    public void SignalCodesAreNamed(string words, string name)
    {
        DecodedField field = Assert.Single(Decoding.Of("signal " + words).Fields);
        Assert.Equal(name, field.Name);
        Assert.NotEqual("", field.Meaning);
    }

    [Fact]
    public void EveryNamedCodeHasItsOwnMeaning()
    {
        for (int signal = 1; signal <= 64; signal++)
        {
            foreach (DecodedField field in Decoding.Of($"signal {signal}").Fields)
                Assert.DoesNotContain("not one that the kernel gives", field.Meaning);
        }
        Decoding.Error("signal 65");
        Decoding.Error("signal SIGNOTHING");
        Decoding.Error("signal SIGSEGV SEGV_NOTHING");
    }

    private static IEnumerable<(string Name, int Number)> Defines(string header)
    {
        foreach (string line in File.ReadLines(header))
        {
            string[] words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length >= 3 && words[0] == "#define" && words[1].StartsWith("__NR_", StringComparison.Ordinal) && int.TryParse(words[2], out int number))
                yield return (words[1][5..], number);
        }
    }
}
