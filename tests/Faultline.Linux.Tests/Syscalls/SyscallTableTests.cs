using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Faultline.Linux.Abi;
using Faultline.Linux.Syscalls;
using Faultline.Linux.Syscalls.Compat;
using Faultline.Linux.Tests.Support;
using SupportLevel = Faultline.Linux.Syscalls.Support;

namespace Faultline.Linux.Tests.Syscalls;

/// <summary>The one row per system call, against Linux's numbers and the page made from it.</summary>
public unsafe class SyscallTableTests
{
    /// <summary>Set to 1 to write docs/syscalls.md anew instead of comparing it.</summary>
    private const string Update = "FAULTLINE_UPDATE_DOCS";

    [Fact]
    public void EveryNumberHasARowOfItsName()
    {
        int rows = 0;
        foreach (FieldInfo field in typeof(Nr).GetFields(BindingFlags.Static | BindingFlags.Public))
        {
            if (field.Name == nameof(Nr.Limit))
                continue;
            SyscallRow? row = SyscallTable.Find((int)field.GetRawConstantValue()!);
            Assert.NotNull(row);
            Assert.Equal(field.Name, row.Name);
            Assert.InRange(row.Count, 0, 6);
            rows++;
        }
        for (int number = 0; number < Nr.Limit; number++)
            rows -= SyscallTable.Find(number) is null ? 0 : 1;
        Assert.Equal(0, rows);
    }

    [Theory]
    [InlineData(-1L)]
    [InlineData(long.MinValue)]
    [InlineData((long)Nr.Limit)]
    [InlineData(400L)]
    [InlineData(0x40000000L)]
    public void NumbersThatLinuxDoesNotHaveHaveNone(long number) => Assert.Null(SyscallTable.Find(number));

    [Fact]
    public void AHandlerAndTheSupportLevelAgree()
    {
        for (int number = 0; number < Nr.Limit; number++)
        {
            if (SyscallTable.Find(number) is not { } row)
                continue;
            Assert.Equal(row.Support == SupportLevel.Missing, row.Handler == null);
            Assert.True(row.Support is not SupportLevel.Partial || row.Note.Length > 0, row.Name + " is partial and does not say how");
        }
    }

    [ToolFact("gcc")]
    public void NumbersAreThoseOfTheHostsHeaders()
    {
        (_, string text) = Tools.Run("sh", "-c", "echo '#include <asm/unistd_64.h>' | gcc -E -dM -x c -");
        MatchCollection matches = Regex.Matches(text, @"#define __NR_(\w+) (\d+)");
        Assert.True(matches.Count > 300);
        foreach (Match match in matches)
        {
            int number = int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture);
            // A header newer than the table may have more.
            if (number < Nr.Limit)
                Assert.Equal(match.Groups[1].Value, SyscallTable.Find(number)?.Name);
        }
    }

    [Fact]
    public void AHandlerAndTheSupportLevelAgreeForThe32BitCalls()
    {
        for (int number = 0; number < Nr.Limit; number++)
        {
            if (CompatTable.Find(number) is { } row)
                Assert.Equal(row.Support == SupportLevel.Missing, row.Handler == null);
        }
        Assert.Null(CompatTable.Find(Nr.Limit));
        Assert.Null(CompatTable.Find(-1));
    }

    [ToolFact("gcc")]
    public void ThirtyTwoBitNumbersAreThoseOfTheHostsHeaders()
    {
        // An include file of x86 alone.
        (_, string text) = Tools.Run("sh", "-c", "echo '#include <asm/unistd_32.h>' | gcc -E -dM -x c - 2>/dev/null");
        foreach (Match match in Regex.Matches(text, @"#define __NR_(\w+) (\d+)"))
        {
            int number = int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture);
            if (number < Nr.Limit)
                Assert.Equal(match.Groups[1].Value, CompatTable.Find(number)?.Name);
        }
    }

    [Fact]
    public void ThePageIsWhatTheTableSays()
    {
        string path = System.IO.Path.Combine(Tools.Root, "docs", "syscalls.md");
        string page = SyscallPage.Build();
        if (Environment.GetEnvironmentVariable(Update) == "1")
            File.WriteAllText(path, page);
        Assert.True(File.Exists(path) && File.ReadAllText(path) == page, $"docs/syscalls.md is stale: run this test with {Update}=1 and commit the file");
    }
}
