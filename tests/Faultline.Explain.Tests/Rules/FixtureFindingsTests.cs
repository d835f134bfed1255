using Faultline.Explain.Findings;
using Faultline.Explain.Rules;

namespace Faultline.Explain.Tests.Rules;

/// <summary>What each real report gives, and what it does not: a report is a negative test of every rule that it is not listed with.</summary>
public sealed class FixtureFindingsTests
{
    private static readonly string[] _folders = ["cases", "crash-reports", "qemu"];

    /// <summary>The ids that a fixture gives, each once. Those not listed give none.</summary>
    private static readonly Dictionary<string, string> _expected = new()
    {
        ["cases/ia64-arguments.txt"] = "syscall-frame-shifted",
        ["cases/ia64-null.txt"] = "null-offset",
        ["cases/ia64-page-poison-options.txt"] = "poison-options-conflict poison-overwritten",
        ["cases/ia64-page-poison.txt"] = "poison-overwritten",
        ["cases/ia64-use-after-free.txt"] = "poison-access",
        ["cases/kcfi-shutdown-quoted.txt"] = "return-thunk-frames rip-inside-instruction",
        ["cases/kexec-debug.txt"] = "purgatory-entry-sections relocation-overflow",
        ["cases/kexec-warning-2.txt"] = "purgatory-entry-sections relocation-overflow return-thunk-frames",
        ["cases/kexec-warning.txt"] = "purgatory-entry-sections relocation-overflow",
        ["cases/segments-objdump.txt"] = "executing-zeros segments-share-host-page",
        ["cases/segments-readelf.txt"] = "segments-share-host-page",
        ["cases/tss-base.txt"] = "sign-extended-descriptor",
        ["cases/zero-filled-plt.txt"] = "executing-zeros segment-overlap",
        ["cases/zeros-in-words.txt"] = "executing-zeros segments-share-host-page",

        ["crash-reports/debian-6.1/gpf.txt"] = "poison-access",
        ["crash-reports/debian-6.1/list_corrupt.txt"] = "list-corruption",
        ["crash-reports/debian-6.1/null_write.txt"] = "null-offset",
        ["crash-reports/debian-6.1/stack_smash.txt"] = "stack-canary",
        ["crash-reports/debian-6.1/uaf.txt"] = "poison-access",
        ["crash-reports/kcfi-6.12/lkdtm_CFI_FORWARD_PROTO.txt"] = "kcfi-failure",
        ["crash-reports/kcfi-6.12/lkdtm_CORRUPT_STACK.txt"] = "stack-canary",
        ["crash-reports/kcfi-6.12/lkdtm_EXEC_NULL.txt"] = "call-through-null",

        ["qemu/6.1-cloud/double_fault.txt"] = "bad-stack-pointer",
        ["qemu/6.1-cloud/exec_data.txt"] = "call-to-non-code",
        ["qemu/6.1-cloud/init_on_free.txt"] = "null-offset",
        ["qemu/6.1-cloud/interrupt.txt"] = "null-offset",
        ["qemu/6.1-cloud/list_add.txt"] = "list-corruption",
        ["qemu/6.1-cloud/list_del_twice.txt"] = "list-corruption",
        ["qemu/6.1-cloud/mid_instruction.txt"] = "rip-inside-instruction",
        ["qemu/6.1-cloud/null_exec.txt"] = "call-through-null",
        ["qemu/6.1-cloud/null_read.txt"] = "null-offset",
        ["qemu/6.1-cloud/null_read_la57.txt"] = "null-offset",
        ["qemu/6.1-cloud/null_write.txt"] = "null-offset",
        ["qemu/6.1-cloud/red_zone.txt"] = "slab-redzone",
        ["qemu/6.1-cloud/stack_overflow.txt"] = "stack-overflow",
        ["qemu/6.1-cloud/stack_smash.txt"] = "stack-canary",
        ["qemu/6.1-cloud/use_after_free.txt"] = "poison-access",
        ["qemu/6.1-cloud/user_exec.txt"] = "call-to-non-code",
        ["qemu/6.1-cloud/user_segv_exec.txt"] = "call-to-non-code",
        ["qemu/6.1-cloud/user_segv_read.txt"] = "null-offset",
        ["qemu/6.1-cloud/work.txt"] = "null-offset",
        ["qemu/6.1-cloud/write_after_free.txt"] = "slab-poison",
        ["qemu/6.1/page_poison.txt"] = "poison-overwritten",
        ["qemu/6.12/list_add.txt"] = "list-corruption",
        ["qemu/6.12/mid_instruction.txt"] = "rip-inside-instruction",
        ["qemu/6.12/null_write.txt"] = "null-offset",
        ["qemu/6.12/page_poison.txt"] = "poison-overwritten",
        ["qemu/6.12/stack_overflow.txt"] = "stack-overflow",
        ["qemu/6.12/use_after_free.txt"] = "poison-access",
        ["qemu/6.12/user_segv_read.txt"] = "null-offset",
        ["qemu/6.12/work.txt"] = "null-offset",
    };

    /// <summary>What docs/findings.md lists.</summary>
    private static readonly Dictionary<string, string> _titles = RuleRegistry.All.SelectMany(rule => rule.Descriptions).ToDictionary(d => d.Id, d => d.Title);

    public static TheoryData<string> Names()
    {
        TheoryData<string> names = [];
        foreach (string name in Explained.Fixtures().Where(n => _folders.Contains(n.Split('/')[0])))
            names.Add(name);
        return names;
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void AReportGivesItsFindingsAndNoOthers(string name)
    {
        IReadOnlyList<Finding> findings = Explained.Text(Explained.Fixture(name));
        Assert.Equal(_expected.GetValueOrDefault(name, ""), string.Join(' ', findings.Select(f => f.Id).Distinct().Order(StringComparer.Ordinal)));
        Assert.All(findings, f =>
        {
            Assert.Equal(_titles[f.Id], f.Title);
            Assert.NotEmpty(f.Evidence);
            Assert.NotEmpty(f.Cause);
            Assert.NotEmpty(f.Observed);
        });
    }

    [Fact]
    public void EveryExpectationHasItsFixture() => Assert.Empty(_expected.Keys.Except(Explained.Fixtures()));
}
