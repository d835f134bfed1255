using Faultline.Elf;
using Faultline.Elf.Headers;
using Faultline.Elf.Relocations;
using Faultline.Explain.Findings;

namespace Faultline.Explain.Images.Objects;

/// <summary>
/// Checks a relocatable object's relocations at an address, its loaded sections one after the other: a module as the kernel's module loader does
/// (arch/x86/kernel/module.c), anything else as a linker would.
/// </summary>
internal static class ObjectInspector
{
    /// <summary>MODULES_VADDR of x86-64 without randomisation (Documentation/arch/x86/x86_64/mm.rst).</summary>
    public const ulong ModulesStart = 0xffff_ffff_c000_0000;

    /// <summary>Where linkers put non-PIE programs by default.</summary>
    public const ulong ProgramStart = 0x40_0000;

    private const int MostFaults = 256;
    private const int MostEvidence = 6;
    private const int MostRelocations = 1 << 22;

    /// <summary>Looks at a relocatable object.</summary>
    public static ObjectReport Inspect(ImageFile image, ulong? at)
    {
        ElfFile file = image.Elf;
        ReadOnlySpan<SectionHeader> headers = file.Sections.Headers;
        bool isModule = file.Sections.Find(".gnu.linkonce.this_module") >= 0;
        ulong address = at ?? (isModule ? ModulesStart : ProgramStart);
        ulong[] addresses = new ulong[headers.Length];
        List<PlacedSection> placed = [];
        ulong first = ulong.MaxValue;
        for (int i = 1; i < headers.Length; i++)
        {
            if ((headers[i].sh_flags & SectionFlags.SHF_ALLOC) == 0)
                continue;
            ulong own = file.SectionLayout.AddressOf(i);
            first = Math.Min(first, own & ~0xfffUL);
            addresses[i] = address + (own - first);
            placed.Add(new PlacedSection(i, file.Sections.NameOf(i) ?? $"section {i}", addresses[i], headers[i].sh_size, headers[i].sh_flags));
        }

        RelocationChecker checker = new(file, addresses, isModule ? LoaderRules.Module : LoaderRules.Linker);
        SortedDictionary<(string Section, RelocationType Type), int> counts = [];
        List<CheckedRelocation> faults = [];
        int external = 0, faultCount = 0, all = 0;
        for (int i = 1; i < headers.Length; i++)
        {
            bool isLoaded = headers[i].sh_type is SectionType.SHT_RELA or SectionType.SHT_REL
                && headers[i].sh_info < headers.Length && (headers[(int)headers[i].sh_info].sh_flags & SectionFlags.SHF_ALLOC) != 0;
            if (!isLoaded)
                continue;
            foreach (CheckedRelocation relocation in checker.Check(i))
            {
                if (all++ == MostRelocations)
                    break;
                counts[(relocation.Section, relocation.Type)] = counts.GetValueOrDefault((relocation.Section, relocation.Type)) + 1;
                if (relocation.Verdict == RelocationVerdict.IsExternal)
                    external++;
                if (relocation.Verdict is RelocationVerdict.Fits or RelocationVerdict.IsExternal || (relocation.Verdict == RelocationVerdict.IsCommon && !isModule))
                    continue;
                faultCount++;
                if (faults.Count < MostFaults)
                    faults.Add(relocation);
            }
        }
        return new ObjectReport
        {
            Kind = isModule ? "a kernel module" : "an object for a linker",
            Address = address,
            Sections = placed,
            Relocations = [.. counts.Select(pair => (pair.Key.Section, CheckedRelocation.NameOf(pair.Key.Type), pair.Value))],
            Faults = faults,
            FaultCount = faultCount,
            External = external,
            CodeModel = CodeModelReader.Read(file),
        };
    }

    /// <summary>What is wrong with it.</summary>
    public static IReadOnlyList<Finding> Findings(ImageFile image, ObjectReport report)
    {
        List<Finding> findings = [];
        foreach (IGrouping<RelocationVerdict, CheckedRelocation> group in report.Faults.GroupBy(fault => fault.Verdict))
        {
            bool isOverflow = group.Key is RelocationVerdict.Overflows or RelocationVerdict.IsCut;
            CheckedRelocation fault = group.First();
            findings.Add(new Finding
            {
                Id = isOverflow ? "object-relocation-overflow" : "object-relocation-refused",
                Title = isOverflow
                    ? $"{group.Count()} relocations do not fit at 0x{report.Address:x}"
                    : $"{group.Count()} relocations cannot be applied ({PurgatoryText.Verdict(group.Key)})",
                Observed = isOverflow
                    ? $"{fault.TypeName} to {fault.Target} in {fault.Section} gives 0x{fault.Value:x}, which its field does not hold."
                    : $"{fault.TypeName} to {fault.Target} in {fault.Section}+0x{fault.Offset:x}.",
                Cause = isOverflow
                    ? "The code model promised addresses that this is not among: the small one the lowest 2 GiB, the kernel one the highest 2 GiB."
                    : "The loader does not know the type, or the entry names what does not exist.",
                Confidence = Confidence.Certain,
                Evidence = [.. group.Take(MostEvidence).Select(one => new Evidence
                {
                    Text = $"{one.Section}+0x{one.Offset:x}: {one.TypeName} to {one.Target}, value 0x{one.Value:x}",
                    Address = one.Place,
                    File = image.Name,
                    FileOffset = one.FileOffset,
                })],
                WhatToDo = isOverflow ? ["Compile for where it is to be: -mcmodel=kernel for modules, -mcmodel=small with -fpic for anywhere."] : [],
            });
        }
        return findings;
    }
}
