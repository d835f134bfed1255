using Faultline.Elf.Relocations;
using Faultline.Explain.Findings;
using Faultline.Explain.Reports;

namespace Faultline.Explain.Rules;

/// <summary>kexec or the module loader found that a relocation's value does not fit.</summary>
internal sealed class RelocationOverflowRule : IRule
{
    private static readonly FindingDescription _overflow = new("relocation-overflow", "A relocation's value does not fit its field",
        "The kernel says \"Overflow in relocation type N value V\" (kexec), and V indeed does not fit type N of the x86-64 psABI.");

    private static readonly FindingDescription _sections = new("purgatory-entry-sections", "The purgatory's entry point is in more than one section",
        "The kernel warns in kexec_load_purgatory (kernel/kexec_file.c).");

    /// <inheritdoc/>
    public string Id => "relocation-overflow";

    /// <inheritdoc/>
    public IReadOnlyList<FindingDescription> Descriptions => [_overflow, _sections];

    /// <inheritdoc/>
    public IEnumerable<Finding> Evaluate(ExplainContext context)
    {
        CrashReport report = context.Report;
        foreach (KexecMessage message in report.Kexec)
        {
            if (message is { RelocationType: { } type, Value: { } value } && Overflow(message, type, value) is { } finding)
                yield return finding;
        }
        if (report.Kind == ReportKind.Warning && report.Title.Contains("kexec_load_purgatory", StringComparison.Ordinal)
            && report.SourcePosition?.Contains("kexec_file.c", StringComparison.Ordinal) == true)
        {
            yield return Sections(report);
        }
    }

    private static Finding? Overflow(KexecMessage message, uint number, ulong value)
    {
        RelocationType type = (RelocationType)number;
        if (RelocationKind.Of(type) is not { } kind || kind.Holds(value))
            return null;
        int bits = 64 - System.Numerics.BitOperations.LeadingZeroCount(value);
        bool isPurgatory = message.Text.Contains("kexec", StringComparison.OrdinalIgnoreCase);
        (string fit, string promise) = Reasons(type, kind, value, bits);
        return _overflow.Make(
            Confidence.Certain,
            $"{type} (type {number}) was to store 0x{value:x}.",
            $"{fit} {promise}" + (isPurgatory
                ? " kexec loads the purgatory as high in memory as it can, so on a machine with more than 4 GiB its symbols lie above 4 GiB: any 32-bit absolute reference fails, "
                    + "and works by luck on smaller machines. The layer is the compiler's code model against where the loader places the object, not the kernel's memory."
                : " The layer is the compiler's code model against where the loader places the object."),
            [
                Evidence.Of($"type {number} is {type}", message.Line, message.Text),
                Evidence.Of(kind.IsRelative
                    ? $"as a signed distance the value is {unchecked((long)value)}, beyond {kind.Width * 8} bits"
                    : $"the value has {bits} bits, {bits - kind.Width * 8} more than the field"),
            ],
            isPurgatory
                ?
                [
                    "build the purgatory position independent in the small code model with hidden visibility (-mcmodel=small -fpic -fvisibility=hidden): references are then relative to RIP, "
                    + "need only nearness, and go through no GOT, whose absolute entries kexec's loader does not relocate",
                    "or use a compiler that makes only 64-bit absolute references in the large code model: clang 18.1.5 and later do again, 18.1.0 to 18.1.4 use 32 bits for data in explicit sections",
                    "look at every such relocation, not the first alone: faultline kexec PURGATORY.ro --at ADDRESS",
                ]
                : ["build the object for the code model of the kernel (-mcmodel=kernel) and with the kernel's own flags"]);
    }

    private static (string Fit, string Promise) Reasons(RelocationType type, RelocationKind kind, ulong value, int bits)
    {
        if (kind.IsRelative)
        {
            return ($"The field holds a signed distance of {kind.Width * 8} bits (±2 GiB for 32), and target and place are farther apart.",
                "The small, kernel and position independent code models promise that all code and data lie within 2 GiB of each other.");
        }
        return type switch
        {
            RelocationType.R_X86_64_32 => (
                $"The field has 32 bits that the processor extends with zeros, so only addresses below 4 GiB fit; 0x{value:x} needs {bits} bits.",
                "Whoever made a 32-bit absolute reference relied on a code model in which the symbol is at a low address: small (all of it below 2 GiB), or the near data of the medium and large ones. "
                + "Code in the large model as such makes 64-bit references (R_X86_64_64) and promises nothing about addresses."),
            RelocationType.R_X86_64_32S => (
                $"The field has 32 bits that the processor sign extends, so only the lowest and the highest 2 GiB fit; 0x{value:x} is in neither.",
                "The small code model promises the lowest 2 GiB, the kernel code model (-mcmodel=kernel) the highest."),
            _ => ($"The field has {kind.Width * 8} bits; 0x{value:x} needs {bits}.", "Compilers do not make such references for addresses that are not fixed when linking."),
        };
    }

    private static Finding Sections(CrashReport report) => _sections.Make(
        Confidence.Likely,
        $"The kernel warned at {report.SourcePosition} while it loaded the purgatory.",
        "In a relocatable file every section starts at 0, so the entry point's address lies within every executable section that is long enough. The kernel takes it for the one text section "
        + "and warns when a second fits. Two text sections come from a compiler that splits code: clang 18 and later put code of the large code model into .ltext while assembly stays in "
        + ".text, and profile-guided or link-time optimisation make .text.hot and .text.unlikely.",
        [ReportFacts.Title(report, "the warning, in the loader of purgatories")],
        "see which sections the purgatory has: faultline kexec PURGATORY.ro",
        "link it with a script that merges .ltext into .text and .lrodata into .rodata, or build it in the small code model, which makes neither",
        "the warning alone does not stop kexec; an overflow message after it does");
}
