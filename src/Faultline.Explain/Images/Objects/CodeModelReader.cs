using System.Text.RegularExpressions;
using Faultline.Elf;
using Faultline.Elf.Headers;
using Faultline.Elf.Relocations;
using Faultline.Elf.Sections;
using Faultline.Elf.Sources;

namespace Faultline.Explain.Images.Objects;

/// <summary>Tells code models and compilers apart by names and flags of sections, .comment, and the relocations of code (x86-64 psABI, "Coding Models").</summary>
internal static partial class CodeModelReader
{
    private const int LongestComment = 4096;
    private const int MostCounted = 1 << 16;

    /// <summary>Looks at an object.</summary>
    public static CodeModel Read(ElfFile file)
    {
        List<string> reasons = [];
        bool hasLargeText = false;
        bool hasLargeData = false;
        ReadOnlySpan<SectionHeader> sections = file.Sections.Headers;
        for (int i = 1; i < sections.Length; i++)
        {
            SectionFlags flags = sections[i].sh_flags;
            if ((flags & SectionFlags.SHF_X86_64_LARGE) == 0)
                continue;
            bool isCode = (flags & SectionFlags.SHF_EXECINSTR) != 0;
            hasLargeText |= isCode;
            hasLargeData |= !isCode;
            reasons.Add($"{file.Sections.NameOf(i)} has the flag SHF_X86_64_LARGE ({SectionFlagLetters.Of(flags)})");
        }

        string? compiler = ReadComment(file, reasons);
        if (hasLargeText)
        {
            reasons.Add("an executable section that is marked large comes from Clang 18 or later with -mcmodel=large; GCC and earlier Clang leave all code in .text");
            return new CodeModel(compiler ?? "Clang", "large", HasLargeText: true, reasons);
        }

        (int absolute64, int absolute32, int relative, int got) = CountCodeRelocations(file);
        string? model = null;
        if (hasLargeData)
        {
            model = absolute64 > 0 ? "large" : "medium";
        }
        else if (absolute64 > 0 && absolute32 > 0)
        {
            model = "mixed";
            reasons.Add($"code has {absolute64} absolute relocations of 64 bits (the large code model's) and {absolute32} of 32 bits (the small or kernel one's)");
        }
        else if (got > 0)
        {
            model = "small, position-independent with default visibility";
            reasons.Add($"code has {got} relocations that go through a global offset table");
        }
        else if (absolute64 > 0)
        {
            model = "large";
            reasons.Add($"code has {absolute64} relocations of 64 bits (movabs), which only the large code model uses, and no section is marked large");
        }
        else if (absolute32 > 0)
        {
            model = "small or kernel";
            reasons.Add($"code has {absolute32} absolute relocations of 32 bits, which promise addresses in the lowest or the highest 2 GiB");
        }
        else if (relative > 0)
        {
            model = "small, position-independent";
            reasons.Add($"all {relative} relocations of code are relative to the instruction");
        }
        return new CodeModel(compiler, model, HasLargeText: false, reasons);
    }

    [GeneratedRegex(@"clang version ([0-9][0-9.]*)|LLD ([0-9][0-9.]*)|GCC: \([^)]*\) ([0-9][0-9.]*)", RegexOptions.CultureInvariant)]
    private static partial Regex CompilerPattern();

    private static string? ReadComment(ElfFile file, List<string> reasons)
    {
        int index = file.Sections.Find(".comment");
        if (index < 0 || SectionContents.Open(file, index, out _) is not { Length: > 0 } contents)
            return null;
        byte[] bytes = new byte[(int)Math.Min(contents.Length, LongestComment)];
        if (!contents.TryReadExactly(0, bytes))
            return null;
        string text = System.Text.Encoding.UTF8.GetString(bytes);
        SortedSet<string> found = new(StringComparer.Ordinal);
        foreach (ValueMatch match in CompilerPattern().EnumerateMatches(text))
        {
            Match whole = CompilerPattern().Match(text, match.Index, match.Length);
            if (whole.Groups[1].Success)
                found.Add($"Clang {whole.Groups[1].Value}");
            else if (whole.Groups[3].Success)
                found.Add($"GCC {whole.Groups[3].Value}");
        }
        if (found.Count == 0)
            return null;
        string compiler = string.Join(" and ", found);
        reasons.Add($".comment names {compiler}");
        return compiler;
    }

    private static (int Absolute64, int Absolute32, int Relative, int Got) CountCodeRelocations(ElfFile file)
    {
        int absolute64 = 0, absolute32 = 0, relative = 0, got = 0, all = 0;
        ReadOnlySpan<SectionHeader> sections = file.Sections.Headers;
        for (int i = 1; i < sections.Length; i++)
        {
            if (ElfRelocationTable.Read(file, i) is not { } table || table.Target >= sections.Length
                || (sections[(int)table.Target].sh_flags & SectionFlags.SHF_EXECINSTR) == 0)
                continue;
            foreach (ElfRelocation relocation in table.Entries())
            {
                if (all++ == MostCounted)
                    return (absolute64, absolute32, relative, got);
                switch (relocation.Type)
                {
                    case RelocationType.R_X86_64_64:
                        absolute64++;
                        break;
                    case RelocationType.R_X86_64_32 or RelocationType.R_X86_64_32S:
                        absolute32++;
                        break;
                    case RelocationType.R_X86_64_PC32 or RelocationType.R_X86_64_PLT32:
                        relative++;
                        break;
                    case RelocationType.R_X86_64_GOTPCREL or RelocationType.R_X86_64_GOTPCRELX or RelocationType.R_X86_64_REX_GOTPCRELX
                        or RelocationType.R_X86_64_GOT64 or RelocationType.R_X86_64_GOTPC64 or RelocationType.R_X86_64_GOTOFF64:
                        got++;
                        break;
                }
            }
        }
        return (absolute64, absolute32, relative, got);
    }
}
