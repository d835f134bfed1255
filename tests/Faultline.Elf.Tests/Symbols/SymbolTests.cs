using System.Buffers.Binary;
using System.Text;
using Faultline.Elf.Headers;
using Faultline.Elf.Sources;
using Faultline.Elf.Symbols;
using Faultline.Elf.Tests.Support;

namespace Faultline.Elf.Tests.Symbols;

/// <summary>From an address to a name.</summary>
public sealed class SymbolTests
{
    private const ulong Text = 0x401000;

    /// <summary>A file with one .text of 0x1000 bytes and the given .symtab.</summary>
    private static ElfSymbolTable Build(params (string Name, ulong Value, ulong Size, int Type, int Binding, int Section)[] symbols)
    {
        StringBuilder names = new("\0");
        byte[] table = new byte[24 * (symbols.Length + 1)];
        for (int i = 0; i < symbols.Length; i++)
        {
            Span<byte> entry = table.AsSpan(24 * (i + 1), 24);
            BinaryPrimitives.WriteUInt32LittleEndian(entry, (uint)names.Length);
            entry[4] = (byte)((symbols[i].Binding << 4) | symbols[i].Type);
            BinaryPrimitives.WriteUInt16LittleEndian(entry[6..], (ushort)symbols[i].Section);
            BinaryPrimitives.WriteUInt64LittleEndian(entry[8..], symbols[i].Value);
            BinaryPrimitives.WriteUInt64LittleEndian(entry[16..], symbols[i].Size);
            names.Append(symbols[i].Name).Append('\0');
        }

        byte[] file = new ElfBuilder { SectionHeaderOffset = 0x2800, MinimumLength = 0x3000 }
            .Segment(SegmentType.PT_LOAD, 5, 0x1000, Text, 0x1000, 0x1000)
            .Bytes(0x2000, table)
            .Bytes(0x2400, Encoding.ASCII.GetBytes(names.ToString()))
            .Section(0, 0, SectionType.SHT_NULL, 0, 0, 0)
            .Section(1, 0, SectionType.SHT_PROGBITS, Text, 0x1000, 0x800)
            .Section(2, 0, SectionType.SHT_SYMTAB, 0, 0x2000, (ulong)table.Length, link: 3, entrySize: 24)
            .Section(3, 0, SectionType.SHT_STRTAB, 0, 0x2400, (ulong)names.Length)
            .Build();
        return ElfFile.Open(new MemoryElfSource(file), out _)!.Symbols;
    }

    private static string Find(ElfSymbolTable table, ulong address)
    {
        return table.TryFind(address, out ElfSymbol symbol, out ulong offset) ? $"{symbol.Name}+{offset:x}" : "none";
    }

    [Fact]
    public void RespectsSizes()
    {
        ElfSymbolTable table = Build(("b", Text + 0x40, 0x10, 2, 1, 1), ("a", Text, 0x20, 2, 0, 1));
        Assert.Equal(2, table.Count);
        Assert.Equal("none", Find(table, Text - 1));
        Assert.Equal("a+0", Find(table, Text));
        Assert.Equal("a+1f", Find(table, Text + 0x1f));
        Assert.Equal("none", Find(table, Text + 0x20));
        Assert.Equal("b+f", Find(table, Text + 0x4f));
        Assert.Equal("none", Find(table, Text + 0x50));
        Assert.Equal("none", Find(table, ulong.MaxValue));
        Assert.Equal("none", Find(table, 0));
    }

    [Fact]
    public void PrefersTheInnermostThatCovers()
    {
        ElfSymbolTable table = Build(("outer", Text, 0x100, 2, 1, 1), ("inner", Text + 0x20, 0x10, 2, 1, 1), ("loop", Text + 0x40, 0, 0, 0, 1));
        Assert.Equal("inner+5", Find(table, Text + 0x25));
        Assert.Equal("outer+30", Find(table, Text + 0x30));
        Assert.Equal("outer+44", Find(table, Text + 0x44));
    }

    [Fact]
    public void LetsALabelReachToTheNextSymbolOrTheEndOfItsSection()
    {
        ElfSymbolTable table = Build(("label", Text + 0x10, 0, 0, 1, 1), ("f", Text + 0x40, 0x10, 2, 1, 1), ("tail", Text + 0x700, 0, 2, 1, 1));
        Assert.Equal("label+2f", Find(table, Text + 0x3f));
        Assert.Equal("none", Find(table, Text + 0x50));
        Assert.Equal("tail+ff", Find(table, Text + 0x7ff));
        Assert.Equal("none", Find(table, Text + 0x800));
    }

    [Fact]
    public void ChoosesAmongAliases()
    {
        ElfSymbolTable table = Build(
            ("label", Text, 0, 0, 1, 1), ("local", Text, 8, 2, 0, 1), ("weak", Text, 8, 2, 2, 1), ("global", Text, 8, 2, 1, 1),
            ("object", Text, 8, 1, 1, 1));
        Assert.Equal("global+4", Find(table, Text + 4));
    }

    [Fact]
    public void LeavesOutWhatIsNoPlace()
    {
        ElfSymbolTable table = Build(
            ("tls", Text, 8, 6, 1, 1), ("file", Text, 8, 4, 0, 1), ("section", Text, 8, 3, 0, 1), ("undefined", Text, 8, 2, 1, 0),
            ("absolute", Text, 8, 0, 1, 0xfff1), ("ifunc", Text + 8, 8, 10, 1, 1));
        Assert.Equal(1, table.Count);
        Assert.Equal("ifunc+0", Find(table, Text + 8));
    }

    [Fact]
    public void SurvivesASymbolThatCoversEverything()
    {
        ElfSymbolTable table = Build(("huge", 1, ulong.MaxValue, 2, 1, 1), ("wrap", ulong.MaxValue, ulong.MaxValue, 2, 1, 1));
        Assert.Equal("huge+400fff", Find(table, Text));
        Assert.Equal("wrap+0", Find(table, ulong.MaxValue));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void FindsDynamicSymbolsWithAndWithoutSections(bool withSections)
    {
        ElfSymbolTable table = ElfFile.Open(new MemoryElfSource(SampleElf.Build(withSections)), out _)!.Symbols;
        Assert.Equal(3, table.Count);
        Assert.False(table.IsIncomplete);
        Assert.Equal("f1+3f", Find(table, SampleElf.F1 + 0x3f));
        Assert.Equal("f2+0", Find(table, SampleElf.F2));
        Assert.Equal("label+10", Find(table, SampleElf.Label + 0x10));
    }

    [Fact]
    public void DoesNotTrustTheClaimedCount()
    {
        byte[] file = SampleElf.Build(withSections: true);
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(0xc00 + (2 * 64) + 32), ulong.MaxValue);
        long before = GC.GetAllocatedBytesForCurrentThread();
        ElfSymbolTable table = ElfFile.Open(new MemoryElfSource(file), out _)!.Symbols;
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 64 << 10);
        Assert.True(table.IsIncomplete);
        Assert.Equal("f1+0", Find(table, SampleElf.F1));
    }
}
