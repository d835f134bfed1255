using System.Diagnostics;

namespace Faultline.Explain.Tests.Rules;

/// <summary>Rules over damaged reports: they may find less, never fail or take long.</summary>
public sealed class RuleMutationTests
{
    private const int Rounds = 3000;

    private static readonly string[] _fixtures =
    [
        "cases/ia64-arguments.txt", "cases/ia64-page-poison-options.txt", "cases/ia64-use-after-free.txt", "cases/kcfi-shutdown-quoted.txt", "cases/kexec-warning.txt",
        "cases/tss-base.txt", "cases/zero-filled-plt.txt", "cases/segments-objdump.txt", "cases/zeros-in-words.txt", "crash-reports/debian-6.1/uaf.txt", "crash-reports/debian-6.1/list_corrupt.txt",
        "crash-reports/kcfi-6.12/lkdtm_CFI_FORWARD_PROTO.txt", "qemu/6.1-cloud/red_zone.txt", "qemu/6.1-cloud/null_exec.txt", "qemu/6.1-cloud/double_fault.txt",
    ];

    [Fact]
    public void DamagedReportsAreSurvived()
    {
        string[] texts = [.. _fixtures.Select(Explained.Fixture)];
        Random random = new(3);
        Stopwatch watch = Stopwatch.StartNew();
        for (int i = 0; i < Rounds; i++)
        {
            char[] text = texts[random.Next(texts.Length)].ToCharArray();
            for (int changes = random.Next(1, 40); changes > 0; changes--)
                text[random.Next(text.Length)] = (char)random.Next(1, 127);
            int from = random.Next(4) == 0 ? random.Next(text.Length) : 0;
            Assert.NotNull(Explained.Text(new string(text, from, text.Length - from)));
        }
        Assert.True(watch.Elapsed < TimeSpan.FromMinutes(2), $"{Rounds} reports took {watch.Elapsed}");
    }
}
