using System.Globalization;
using System.Text.RegularExpressions;
using Faultline.Elf.Tests.Support;
using Faultline.Elf.Unwind;

namespace Faultline.Elf.Tests.Unwind;

/// <summary>Every row of the unwind tables of host files, as we find it and as readelf prints it.</summary>
public sealed partial class ReadelfRowTests
{
    private static readonly string[] _names =
        ["rax", "rdx", "rcx", "rbx", "rsi", "rdi", "rbp", "rsp", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "ra"];

    [HostFact("readelf")]
    public void AgreesOnEveryRow()
    {
        int rows = 0;
        foreach (string path in HostFiles.All.Where(path => new FileInfo(path).Length < 3 << 20))
        {
            using FileElfSource source = new(path);
            ElfFile file = ElfFile.Open(source, out _)!;
            UnwindTable table = UnwindTable.Create(file)!;
            Assert.NotNull(table);
            Assert.True(table.HasIndex);
            rows += Compare(path, table, HostTool.Run("readelf", "--debug-dump=frames-interp,no-follow-links", path));
        }

        Assert.True(rows > 5000, $"{rows} rows");
    }

    [HostFact("readelf")]
    public void FindsTheSameWithoutTheIndex()
    {
        // Without PT_GNU_EH_FRAME the section is walked entry by entry.
        string path = HostFiles.All[0];
        byte[] bytes = File.ReadAllBytes(path);
        ElfFile file = ElfFile.Open(new Elf.Sources.MemoryElfSource(bytes), out _)!;
        int index = file.FindSegment(Elf.Headers.SegmentType.PT_GNU_EH_FRAME);
        bytes.AsSpan((int)file.Header.e_phoff + (index * 56), 4).Clear();
        UnwindTable table = UnwindTable.Create(ElfFile.Open(new Elf.Sources.MemoryElfSource(bytes), out _)!)!;
        Assert.False(table.HasIndex);
        Assert.True(Compare(path, table, HostTool.Run("readelf", "--debug-dump=frames-interp,no-follow-links", path)) > 100);
    }

    private static int Compare(string path, UnwindTable table, string output)
    {
        int rows = 0;
        bool isFrame = false;
        string[] columns = [];
        string[] lines = output.Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i];
            Match header = EntryLine().Match(line);
            if (header.Success)
            {
                isFrame = header.Groups[1].Value == "FDE";
            }
            else if (line.StartsWith("   LOC", StringComparison.Ordinal))
            {
                columns = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            }
            else if (isFrame && RowLine().IsMatch(line) && !(i + 1 < lines.Length && lines[i + 1].StartsWith(line[..16], StringComparison.Ordinal)))
            {
                // (Of two rows for one address, the later counts.)
                string[] cells = RegisterCell().Replace(line, "$1").Split(' ', StringSplitOptions.RemoveEmptyEntries);
                ulong address = ulong.Parse(cells[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
                UnwindStatus status = table.FindRow(address, out FrameEntry frame, out UnwindRow row);
                if (status == UnwindStatus.NoEntry && frame.Size == 0)
                {
                    continue;
                }

                Assert.True(status == UnwindStatus.Unwound, $"{path} {line}: {status}");
                List<string> actual = [cells[0], CfaText(row)];
                foreach (string column in columns.Skip(2))
                {
                    int register = Array.IndexOf(_names, column);
                    actual.Add(register < 0 ? cells[actual.Count] : RuleText(row.Rules[register]));
                }

                Assert.True(cells.SequenceEqual(actual), $"{path}: readelf has {line}, we have {string.Join(' ', actual)}");
                rows++;
            }
        }

        return rows;
    }

    private static string CfaText(in UnwindRow row)
    {
        return row.CfaKind == RuleKind.ValExpression ? "exp" : $"{_names[row.CfaRegister]}{(long)row.CfaOffset:+0;-0;+0}";
    }

    private static string RuleText(in RegisterRule rule) => rule.Kind switch
    {
        RuleKind.Unspecified or RuleKind.Undefined => "u",
        RuleKind.SameValue => "s",
        RuleKind.Offset => $"c{(long)rule.Value:+0;-0;+0}",
        RuleKind.ValOffset => $"v{(long)rule.Value:+0;-0;+0}",
        RuleKind.Register => _names[rule.Value],
        RuleKind.Expression => "exp",
        _ => "vexp",
    };

    [GeneratedRegex(@"^[0-9a-f]{8} [0-9a-f]{16} [0-9a-f]{8} (CIE|FDE)")]
    private static partial Regex EntryLine();

    [GeneratedRegex(@"\br\d+ \((\w+)\)")]
    private static partial Regex RegisterCell();

    [GeneratedRegex(@"^[0-9a-f]{16} \S+")]
    private static partial Regex RowLine();
}
