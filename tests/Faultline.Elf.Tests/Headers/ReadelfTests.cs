using System.Globalization;
using System.Text.RegularExpressions;
using Faultline.Elf.Dynamic;
using Faultline.Elf.Headers;
using Faultline.Elf.Layout;
using Faultline.Elf.Symbols;
using Faultline.Elf.Tests.Support;

namespace Faultline.Elf.Tests.Headers;

/// <summary>Programs of the host, read by us and by readelf.</summary>
public sealed partial class ReadelfTests
{
    [HostFact("readelf")]
    public void AgreesOnProgramHeaders()
    {
        foreach (string path in HostFiles.All)
        {
            using FileElfSource source = new(path);
            ElfFile file = Open(source);
            string output = HostTool.Run("readelf", "-lW", path);
            List<string> expected = [];
            foreach (Match match in ProgramHeaderLine().Matches(output))
            {
                expected.Add(string.Join(' ', match.Groups.Values.Skip(1).Select(group => group.Value.Replace(" ", string.Empty))));
            }

            List<string> actual = [];
            foreach (ref readonly ProgramHeader header in file.ProgramHeaders)
            {
                string flags = ((header.p_flags & SegmentFlags.PF_R) != 0 ? "R" : "")
                    + ((header.p_flags & SegmentFlags.PF_W) != 0 ? "W" : "")
                    + ((header.p_flags & SegmentFlags.PF_X) != 0 ? "E" : "");
                actual.Add(
                    $"{header.p_type.ToString()[3..]} 0x{header.p_offset:x6} 0x{header.p_vaddr:x16} 0x{header.p_paddr:x16}"
                    + $" 0x{header.p_filesz:x6} 0x{header.p_memsz:x6} {flags} 0x{header.p_align:x}");
            }

            Assert.NotEmpty(expected);
            Assert.Equal(expected, actual);
            Match interpreter = InterpreterLine().Match(output);
            Assert.True(file.TryGetInterpreter(out byte[]? name, out _));
            Assert.Equal(interpreter.Success ? interpreter.Groups[1].Value : null, name is null ? null : System.Text.Encoding.UTF8.GetString(name));
        }
    }

    [HostFact("readelf")]
    public void AgreesOnSections()
    {
        foreach (string path in HostFiles.All)
        {
            using FileElfSource source = new(path);
            ElfFile file = Open(source);
            MatchCollection lines = SectionLine().Matches(HostTool.Run("readelf", "-SW", path));
            Assert.Equal(ElfErrorCode.None, file.Sections.Error.Code);
            Assert.Equal(lines.Count, file.Sections.Headers.Length);
            foreach (Match line in lines.Skip(1))
            {
                int index = int.Parse(line.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
                SectionHeader header = file.Sections.Headers[index];
                Assert.Equal(line.Groups[2].Value, file.Sections.NameOf(index));
                Assert.Equal(
                    $"{line.Groups[4].Value} {line.Groups[5].Value} {line.Groups[6].Value} {line.Groups[7].Value}",
                    $"{header.sh_addr:x16} {header.sh_offset:x6} {header.sh_size:x6} {header.sh_entsize:x2}");
            }

            Assert.Equal(-1, file.Sections.Find(".no-such-section"));
            Assert.True(file.Sections.Find(".dynsym") == file.Sections.Find(SectionType.SHT_DYNSYM));
        }
    }

    [HostFact("readelf")]
    public void AgreesOnSymbols()
    {
        int checkedSymbols = 0;
        foreach (string path in HostFiles.All)
        {
            using FileElfSource source = new(path);
            ElfFile file = Open(source);
            string output = HostTool.Run("readelf", "-sW", path);
            string part = output.Split("Symbol table '").LastOrDefault(text => text.StartsWith(".symtab", StringComparison.Ordinal))
                ?? output.Split("Symbol table '").Last();
            HashSet<string> expected = [];
            foreach (Match line in SymbolLine().Matches(part))
            {
                string type = line.Groups[3].Value;
                string section = line.Groups[5].Value;
                if (type is "NOTYPE" or "OBJECT" or "FUNC" or "IFUNC" && section is not ("UND" or "ABS" or "COM"))
                {
                    ulong size = line.Groups[2].Value.StartsWith("0x", StringComparison.Ordinal)
                        ? Convert.ToUInt64(line.Groups[2].Value, 16)
                        : ulong.Parse(line.Groups[2].ValueSpan, CultureInfo.InvariantCulture);
                    expected.Add($"{Convert.ToUInt64(line.Groups[1].Value, 16):x} {size} {line.Groups[6].Value.Split('@')[0]}");
                }
            }

            HashSet<string> actual = [];
            for (int i = 0; i < file.Symbols.Count; i++)
            {
                ElfSymbol symbol = file.Symbols[i];
                actual.Add($"{symbol.Address:x} {symbol.Size} {symbol.Name.Split('@')[0]}");
                if (symbol.Size != 0)
                {
                    Assert.True(file.Symbols.TryFind(symbol.Address + symbol.Size - 1, out ElfSymbol found, out ulong offset), symbol.Name);
                    Assert.True(found.Address + offset == symbol.Address + symbol.Size - 1);
                }
            }

            Assert.Empty(expected.Except(actual));
            Assert.Empty(actual.Except(expected));
            checkedSymbols += actual.Count;
        }

        Assert.True(checkedSymbols > 1000);
    }

    [HostFact("readelf")]
    public void AgreesOnNotesAndTheDynamicSection()
    {
        foreach (string path in HostFiles.All)
        {
            using FileElfSource source = new(path);
            ElfFile file = Open(source);
            string notes = HostTool.Run("readelf", "-nW", path);
            Match buildId = BuildIdLine().Match(notes);
            Assert.Equal(buildId.Success ? buildId.Groups[1].Value : null, file.Notes.GetBuildId());
            Assert.False(file.Notes.IsIncomplete);
            Assert.Equal(
                notes.Contains("x86 ISA needed: x86-64-baseline", StringComparison.Ordinal),
                file.Notes.TryGetProperty(Elf.Notes.GnuProperty.GNU_PROPERTY_X86_ISA_1_NEEDED, out uint isa) && (isa & 1) != 0);
            string dynamic = HostTool.Run("readelf", "-dW", path);
            Assert.Equal(NeededLine().Matches(dynamic).Select(match => match.Groups[1].Value), file.Dynamic.GetNeeded());
            Match soname = SonameLine().Match(dynamic);
            Assert.Equal(soname.Success ? soname.Groups[1].Value : null, file.Dynamic.GetString(DynamicTag.DT_SONAME));
        }
    }

    [HostFact]
    public void LaysOutEveryProgramOfTheHostFromItsHeadersAlone()
    {
        int count = 0;
        foreach (string path in HostFiles.All.Concat(Directory.EnumerateFiles("/usr/bin").Take(400)))
        {
            using FileElfSource source = new(path);
            if (ElfFile.Open(source, out ElfError error) is not ElfFile file)
            {
                Assert.Equal(ElfErrorCode.NotElf, error.Code);
                continue;
            }

            ElfImageLayout? layout = ElfImageLayout.Create(file, ElfRole.Program, out error);
            Assert.True(layout is not null, $"{path}: {error}");
            Assert.NotEqual(0UL, layout.ProgramHeaderAddress);
            Assert.NotEmpty(LoadPlan.ForLinux(layout));
            Assert.True(source.BytesRead <= 4096, $"{path}: {source.BytesRead} bytes read to open it");
            count++;
        }

        Assert.True(count > 5);
    }

    private static ElfFile Open(FileElfSource source)
    {
        ElfFile? file = ElfFile.Open(source, ElfRole.Program, out ElfError error);
        Assert.True(file is not null, error.ToString());
        return file;
    }

    [GeneratedRegex(@"^  (\w+) +(0x\w+) (0x\w{16}) (0x\w{16}) (0x\w+) (0x\w+) ([RWE ]{3}) (0x\w+)$", RegexOptions.Multiline)]
    private static partial Regex ProgramHeaderLine();

    [GeneratedRegex(@"\[Requesting program interpreter: (.*)\]")]
    private static partial Regex InterpreterLine();

    [GeneratedRegex(@"^  \[ *(\d+)\] (\S*) +(\w+) +([0-9a-f]{16}) ([0-9a-f]+) ([0-9a-f]+) ([0-9a-f]+) ", RegexOptions.Multiline)]
    private static partial Regex SectionLine();

    [GeneratedRegex(@"^ *\d+: ([0-9a-f]{16}) +(\w+) (\w+) +(\w+) +\w+ +(\w+) (\S+)", RegexOptions.Multiline)]
    private static partial Regex SymbolLine();

    [GeneratedRegex(@"Build ID: (\w+)")]
    private static partial Regex BuildIdLine();

    [GeneratedRegex(@"\(NEEDED\) +Shared library: \[(.*)\]")]
    private static partial Regex NeededLine();

    [GeneratedRegex(@"\(SONAME\) +Library soname: \[(.*)\]")]
    private static partial Regex SonameLine();
}
