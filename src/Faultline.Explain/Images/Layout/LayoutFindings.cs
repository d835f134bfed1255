using Faultline.Elf.Symbols;
using Faultline.Explain.Findings;

namespace Faultline.Explain.Images.Layout;

/// <summary>Functions that boot-time patching would damage or not find, as findings. An image that was not built to be patched gives none.</summary>
internal static class LayoutFindings
{
    private const int MostEvidence = 8;

    /// <summary>All findings of an image.</summary>
    public static IReadOnlyList<Finding> Of(ImageFile image, ImageLayoutReport report)
    {
        List<Finding> findings = [];
        bool isChecked = report.IsPadded || report.CfiSymbols > 0;
        if (isChecked)
        {
            AddMisaligned(image, report, findings);
            AddShort(image, report, findings);
            AddMissing(image, report, findings);
        }
        AddPatchSites(image, report, findings);
        return findings;
    }

    private static void AddMisaligned(ImageFile image, ImageLayoutReport report, List<Finding> findings)
    {
        FunctionLayout[] wrong = [.. report.Functions.Where(f => f.CfiDistance is not null && f.Address % LayoutReader.PreambleSize != 0)];
        if (wrong.Length == 0)
            return;
        findings.Add(new Finding
        {
            Id = "layout-misaligned-function",
            Title = $"{wrong.Length} functions with a CFI preamble are not aligned to {LayoutReader.PreambleSize}",
            Observed = $"Their addresses are not divisible by {LayoutReader.PreambleSize}, while the kernel computes preambles and call targets for that alignment.",
            Cause = "The compiler gave these functions less than -falign-functions asks for (an attribute, a cold function, or a change in what the attribute means),"
                + " or the linker merged sections without keeping their alignment (LTO). The layer is code generation, not the kernel.",
            Confidence = Confidence.Certain,
            Evidence = Describe(image, report, wrong),
            WhatToDo = ["Compare the compiler's version and flags with a build that boots; look at the .p2align of one of these functions in its assembly.",
                "Boot with cfi=kcfi (or cfi=off): if the crash is gone, it was FineIBT's patching."],
        });
    }

    private static void AddShort(ImageFile image, ImageLayoutReport report, List<Finding> findings)
    {
        FunctionLayout[] wrong =
            [.. report.Functions.Where(f => f.CfiDistance is not null && (f.CfiDistance != LayoutReader.PreambleSize || (report.IsPadded && !f.HasRoom)))];
        if (wrong.Length == 0)
            return;
        findings.Add(new Finding
        {
            Id = "layout-short-preamble",
            Title = $"{wrong.Length} CFI preambles are not {LayoutReader.PreambleSize} bytes",
            Observed = $"FineIBT writes {LayoutReader.PreambleSize} bytes before each function that has a type hash; where the preamble is shorter, or belongs in part to"
                + " the function before, that function's last instructions are overwritten and later run as something else.",
            Cause = "The image was built without call padding (CONFIG_CALL_PADDING), or these functions lost theirs to alignment or to a different"
                + " -fpatchable-function-entry.",
            Confidence = Confidence.Certain,
            Evidence = Describe(image, report, wrong),
            WhatToDo = ["Build every file with the same -fpatchable-function-entry and -falign-functions; find out which files or attributes differ for these.",
                "Boot with cfi=kcfi (or cfi=off) until then."],
        });
    }

    private static void AddMissing(ImageFile image, ImageLayoutReport report, List<Finding> findings)
    {
        FunctionLayout[] wrong = [.. report.Functions.Where(f => report.IsPadded && f.CfiDistance is null && !f.HasRoom)];
        if (wrong.Length == 0)
            return;
        FunctionLayout[] overlapping = [.. wrong.Where(f => f.PreviousEnd != 0 && f.PreviousEnd + LayoutReader.PreambleSize > f.Address)];
        findings.Add(new Finding
        {
            Id = "layout-missing-preamble",
            Title = $"{wrong.Length} functions have no {LayoutReader.PreambleSize} bytes of padding before them",
            Observed = $"{report.WithRoom} of {report.Functions.Count} functions have it, these have not; before {overlapping.Length} of them the function that precedes"
                + $" ends less than {LayoutReader.PreambleSize} bytes away.",
            Cause = "Usually assembly that does not use the kernel's macros for functions, or code built without the padding flags (boot code, stubs). Those are harmless as"
                + " long as nothing patches or calls them through the padding; a function of C among them is not.",
            Confidence = Confidence.Possible,
            Evidence = Describe(image, report, overlapping.Length != 0 ? overlapping : wrong),
            WhatToDo = ["Look for functions written in C among them (--list names all)."],
        });
    }

    private static void AddPatchSites(ImageFile image, ImageLayoutReport report, List<Finding> findings)
    {
        if (report.BadPatchSites.Count == 0)
            return;
        findings.Add(new Finding
        {
            Id = "layout-patch-site",
            Title = $"{report.PatchSites - report.GoodPatchSites} of {report.PatchSites} places for ftrace hold no 5-byte call or no-operation",
            Observed = $"{report.PatchTable} lists them; ftrace compares before it writes, reports a bug and turns itself off.",
            Cause = "The list and the code do not come from the same link, or a post-link tool moved code without the list.",
            Confidence = Confidence.Likely,
            Evidence = [.. report.BadPatchSites.Take(MostEvidence).Select(site => new Evidence
            {
                Text = $"place in {NameAt(image, site.Address)}",
                Address = site.Address,
                File = report.File,
                FileOffset = OffsetOf(image, site.Address),
                Bytes = BitConverter.GetBytes(site.Bytes).AsMemory(0, 5),
            })],
            WhatToDo = ["Link anew from clean objects, and leave out the post-link tools to see which one it is."],
        });
    }

    private static Evidence[] Describe(ImageFile image, ImageLayoutReport report, FunctionLayout[] functions)
    {
        ElfSymbolTable symbols = image.Elf.Symbols;
        return [.. functions.Take(MostEvidence).Select(function =>
        {
            byte[] before = new byte[LayoutReader.PreambleSize];
            int count = function.Address < (ulong)before.Length ? 0 : image.Read(function.Address - (ulong)before.Length, before);
            return new Evidence
            {
                Text = $"{symbols[function.Symbol].Name}: {Say(function)}; the {LayoutReader.PreambleSize} bytes before it",
                Address = function.Address,
                File = report.File,
                FileOffset = OffsetOf(image, function.Address),
                Bytes = before.AsMemory(0, count),
            };
        })];
    }

    /// <summary>What stands before a function, in words.</summary>
    public static string Say(in FunctionLayout function)
    {
        string preamble = function.Preamble switch
        {
            PreambleKind.HashThenPadding => $"type hash 0x{function.Hash:x8} and {function.Padding} bytes of padding",
            PreambleKind.HashAtEntry => $"type hash 0x{function.Hash:x8} directly before it",
            PreambleKind.Padding => $"{function.Padding} bytes of padding",
            _ => "no padding",
        };
        return function.PreviousEnd != 0 && function.Address - function.PreviousEnd < LayoutReader.PreambleSize
            ? $"{preamble}, the function before ends {function.Address - function.PreviousEnd} bytes away"
            : preamble;
    }

    private static string NameAt(ImageFile image, ulong address) =>
        image.FindAddress(address) is { } symbol ? $"{symbol.Name}+0x{address - symbol.Address:x}" : "no function";

    private static ulong? OffsetOf(ImageFile image, ulong address) => image.TryGetFileOffset(address, out ulong offset, out _) ? offset : null;
}
