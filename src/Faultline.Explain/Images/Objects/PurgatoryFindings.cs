using Faultline.Elf.Relocations;
using Faultline.Explain.Findings;

namespace Faultline.Explain.Images.Objects;

/// <summary>What is wrong with a purgatory, as findings.</summary>
internal static class PurgatoryFindings
{
    /// <summary>Relocations that a finding quotes; the load lists all.</summary>
    private const int MostEvidence = 4;

    private const string MergeSections =
        "Link the purgatory with a linker script that puts .text.* and .ltext.* into .text and .lrodata.* into .rodata: then one executable section has "
        + "the entry point, whatever the compiler split off. (This changes no relocation.)";

    private const string BuildSmall =
        "Build it position-independent in the small code model with hidden visibility (-mcmodel=small -fpic -fvisibility=hidden): references are then "
        + "distances from the instruction and hold at every address. Without hidden visibility the compiler goes through a global offset table, whose "
        + "absolute addresses no relocation that kexec knows would fill in.";

    /// <summary>All findings of a load, the one that makes it fail first.</summary>
    public static IReadOnlyList<Finding> Of(PurgatoryLoad load)
    {
        List<Finding> findings = [];
        AddOverflows(load, findings);
        AddRefusals(load, findings);
        AddEntry(load, findings);
        AddCuts(load, findings);
        AddSymbols(load, findings);
        return findings;
    }

    private static void AddOverflows(PurgatoryLoad load, List<Finding> findings)
    {
        CheckedRelocation[] overflows = [.. load.Faults.Where(fault => fault.Verdict == RelocationVerdict.Overflows)];
        if (overflows.Length == 0)
            return;
        CheckedRelocation first = overflows[0];
        bool isSigned = first.Type == RelocationType.R_X86_64_32S;
        string highest = load.HighestAddress is { } limit
            ? $"It would load at 0x{limit:x} and below; the kernel places it as high as it can."
            : "There is no address at which all of them fit.";
        List<string> toDo = [BuildSmall, "Or find what was compiled or assembled for low addresses, and give it 64-bit references like the rest:"
            + $" {string.Join(", ", overflows.Select(o => $"{o.Section} to {o.Symbol}").Distinct().Take(4))}. Clang 18 in its first releases used 32-bit"
            + " references to variables in named sections even in the large code model; later ones do not."];
        findings.Add(new Finding
        {
            Id = "kexec-relocation-overflow",
            Title = $"{Count(overflows.Length, "relocation does", "relocations do")} not fit at 0x{load.Address:x}: kexec_file_load fails",
            Observed = $"The kernel would stop at the first with \"{PurgatoryLoader.KernelMessage(first)}\". {first.TypeName} stores"
                + $" {(isSigned ? "a signed" : "an unsigned")} number of 32 bits, and 0x{first.Value:x} is not one. {highest}",
            Cause = $"The code that refers to {first.Symbol} was made for addresses in the lowest {(isSigned ? "2" : "4")} GiB, which 32-bit references"
                + " promise and the kexec loader does not keep: it places the purgatory from the top of memory down. The layer is the compiler (or"
                + " assembler) and its code model, not the kernel that prints the message.",
            Confidence = Confidence.Certain,
            Evidence = [.. overflows.Take(MostEvidence).Select(o => Describe(load, o))],
            WhatToDo = toDo,
        });
    }

    private static void AddRefusals(PurgatoryLoad load, List<Finding> findings)
    {
        foreach (IGrouping<RelocationVerdict, CheckedRelocation> group in load.Faults
            .Where(fault => fault.Verdict is not (RelocationVerdict.Overflows or RelocationVerdict.IsCut))
            .GroupBy(fault => fault.Verdict))
        {
            CheckedRelocation first = group.First();
            bool isGot = first.TypeName.Contains("GOT", StringComparison.Ordinal);
            (string id, string title, string cause, string step) = group.Key switch
            {
                RelocationVerdict.IsUndefined => ("kexec-undefined-symbol", $"{first.Symbol} is defined nowhere in the purgatory",
                    "ld -r does not report undefined symbols. The compiler makes calls of its own (memcpy, memset, __stack_chk_fail, instrumentation), and no"
                    + " library is linked in.",
                    "Link a second time without -r to see all of them, then define them or turn off what makes the calls (-fno-stack-protector, -fno-builtin, no"
                    + " sanitizers or profiling)."),
                RelocationVerdict.IsCommon => ("kexec-common-symbol", $"{first.Symbol} is a common symbol",
                    "A definition without an initial value was compiled with -fcommon; only a final link gives it a place.", "Compile with -fno-common."),
                RelocationVerdict.IsUnknown when isGot => ("kexec-unknown-relocation", $"The kernel does not know {first.TypeName}",
                    "Position-independent code with default visibility reaches variables through a global offset table. Only a linker makes that table; the"
                    + " kexec loader has none.", BuildSmall),
                RelocationVerdict.IsUnknown => ("kexec-unknown-relocation", $"The kernel does not know {first.TypeName}",
                    "The kexec loader applies R_X86_64_64, _32, _32S, _PC32 and _PLT32 only.", BuildSmall),
                _ => ("kexec-malformed-relocation", "A relocation names a section, a symbol or a place that does not exist",
                    "The file is damaged or was made by a tool that is.", "Build it anew; compare with readelf -r."),
            };
            findings.Add(new Finding
            {
                Id = id,
                Title = title,
                Observed = $"The kernel would print \"{PurgatoryLoader.KernelMessage(first)}\" and return ENOEXEC; {Count(group.Count(), "relocation is", "relocations are")} like that.",
                Cause = cause,
                Confidence = Confidence.Certain,
                Evidence = [.. group.Take(MostEvidence).Select(fault => Describe(load, fault))],
                WhatToDo = [step],
            });
        }
    }

    private static void AddEntry(PurgatoryLoad load, List<Finding> findings)
    {
        List<Evidence> evidence = [.. load.EntryCandidates.Select(section => new Evidence
        {
            Text = $"{section.Name} is executable and has 0x{section.Size:x} bytes, more than the entry point's offset 0x{load.EntryOffset:x}",
            Address = section.Address,
            File = load.File,
        })];
        if (load.CodeModel.HasLargeText)
            evidence.AddRange(load.CodeModel.Reasons.Select(Evidence.Of));
        string split = load.CodeModel.HasLargeText
            ? "Clang from version 18 on puts code of the large code model into .ltext, while assembly files stay in .text."
            : "The compiler put some functions into sections of their own (.text.hot, .text.unlikely and the like, from profiles, LTO or attributes).";
        if (load.EntryCandidates.Count > 1)
        {
            findings.Add(new Finding
            {
                Id = "kexec-several-text-sections",
                Title = $"{load.EntryCandidates.Count} executable sections may have the entry point: the kernel warns",
                Observed = $"e_entry is 0x{load.EntryOffset:x}, and every section of a relocatable object starts at 0, so"
                    + $" {string.Join(" and ", load.EntryCandidates.Select(section => section.Name))} all seem to have it. Linux since 6.4 takes the first, here"
                    + $" {load.EntrySection?.Name}, and prints WARNING at kernel/kexec_file.c in kexec_load_purgatory; before, it added up the addresses of all.",
                Cause = split,
                Confidence = Confidence.Certain,
                Evidence = evidence,
                WhatToDo = [MergeSections, BuildSmall],
            });
        }
        if (load.EntrySymbol is { } symbol && symbol.Address != load.Start)
        {
            findings.Add(new Finding
            {
                Id = "kexec-wrong-entry",
                Title = $"The kernel would jump to 0x{load.Start:x}, but {symbol.Name} is at 0x{symbol.Address:x}",
                Observed = $"The offset 0x{load.EntryOffset:x} of the entry point was applied to {load.EntrySection?.Name ?? "no section"}, and {symbol.Name} is in another.",
                Cause = "A relocatable object's entry point is an offset without a section; the loader takes the first executable section that is long enough. " + split,
                Confidence = Confidence.Certain,
                Evidence = evidence,
                WhatToDo = [MergeSections],
            });
        }
        else if (load.EntryCandidates.Count == 0)
        {
            findings.Add(new Finding
            {
                Id = "kexec-no-entry",
                Title = "No executable section has the entry point",
                Observed = $"e_entry is 0x{load.EntryOffset:x}; the kernel would jump there without adding an address.",
                Cause = "The file was linked without an entry point (ld -r -e purgatory_start), or its code is in no executable section.",
                Confidence = Confidence.Certain,
                WhatToDo = ["Link with -e purgatory_start and check with readelf -h."],
            });
        }
    }

    private static void AddCuts(PurgatoryLoad load, List<Finding> findings)
    {
        CheckedRelocation[] cuts = [.. load.Faults.Where(fault => fault.Verdict == RelocationVerdict.IsCut)];
        if (cuts.Length == 0)
            return;
        findings.Add(new Finding
        {
            Id = "kexec-relative-cut",
            Title = $"{Count(cuts.Length, "distance is", "distances are")} cut to 32 bits without a message",
            Observed = "The kernel stores PC-relative values unchecked; these are further than 2 GiB from the instruction.",
            Cause = "The target is an absolute address (SHN_ABS) or lies far from the code, and the field holds distances of 2 GiB at most.",
            Confidence = Confidence.Certain,
            Evidence = [.. cuts.Take(MostEvidence).Select(cut => Describe(load, cut))],
            WhatToDo = ["Reach absolute addresses through a 64-bit constant."],
        });
    }

    private static void AddSymbols(PurgatoryLoad load, List<Finding> findings)
    {
        if (load.SymbolProblems.Count == 0)
            return;
        findings.Add(new Finding
        {
            Id = "kexec-purgatory-symbols",
            Title = $"{Count(load.SymbolProblems.Count, "symbol", "symbols")} that the kernel needs cannot be used",
            Observed = "After loading, the kernel looks up symbols of the purgatory by name, sets its hashes and reads its registers.",
            Cause = "The purgatory does not match this kernel's interface, or its symbols were stripped or made local.",
            Confidence = Confidence.Certain,
            Evidence = [.. load.SymbolProblems.Select(Evidence.Of)],
            WhatToDo = ["Build the purgatory from the same source as the kernel, and keep its global symbols."],
        });
    }

    private static Evidence Describe(PurgatoryLoad load, in CheckedRelocation relocation) => new()
    {
        Text = $"{relocation.Section}+0x{relocation.Offset:x}: {relocation.TypeName} to {relocation.Target}, value 0x{relocation.Value:x}",
        Address = relocation.Place,
        File = load.File,
        FileOffset = relocation.FileOffset,
    };

    private static string Count(int count, string one, string many) => count == 1 ? $"1 {one}" : $"{count} {many}";
}
