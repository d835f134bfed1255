using System.Buffers.Binary;
using Faultline.Elf.Dynamic;
using Faultline.Elf.Headers;
using Faultline.Elf.Notes;
using Faultline.Elf.Sources;
using Faultline.Elf.Tests.Support;

namespace Faultline.Elf.Tests.Notes;

/// <summary>Notes, the dynamic section and section names of a known file, whole and damaged.</summary>
public sealed class NoteTests
{
    private static ElfFile Open(byte[] file) => ElfFile.Open(new MemoryElfSource(file), out _)!;

    [Fact]
    public void ReadsBuildIdAndProperties()
    {
        ElfNotes notes = Open(SampleElf.Build(withSections: false)).Notes;
        Assert.Equal(2, notes.All.Count);
        Assert.False(notes.IsIncomplete);
        Assert.Equal("0102030405060708", notes.GetBuildId());
        Assert.True(notes.TryGetProperty(GnuProperty.GNU_PROPERTY_X86_FEATURE_1_AND, out uint features));
        Assert.Equal(GnuProperty.GNU_PROPERTY_X86_FEATURE_1_IBT | GnuProperty.GNU_PROPERTY_X86_FEATURE_1_SHSTK, features);
        Assert.True(notes.TryGetProperty(GnuProperty.GNU_PROPERTY_X86_ISA_1_NEEDED, out uint isa));
        Assert.Equal(1U, isa);
        Assert.False(notes.TryGetProperty(1, out _));
    }

    [Theory]
    [InlineData(0, 0xffffffffU)]
    [InlineData(4, 0xffffffffU)]
    [InlineData(4, 9U)]
    [InlineData(0, 9U)]
    public void LeavesOutNotesThatReachTooFar(int field, uint value)
    {
        byte[] file = SampleElf.Build(withSections: false);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(0x340 + field), value);
        ElfNotes notes = Open(file).Notes;
        Assert.True(notes.IsIncomplete);
        Assert.Null(notes.GetBuildId());
        Assert.True(notes.TryGetProperty(GnuProperty.GNU_PROPERTY_X86_ISA_1_NEEDED, out _));
    }

    [Fact]
    public void ReadsNoMoreNotesThanTheLimit()
    {
        byte[] file = new ElfBuilder { MinimumLength = 1 << 20 }
            .Segment(SegmentType.PT_LOAD, 4, 0, 0x400000, 0x1000, 0x1000)
            .Segment(SegmentType.PT_NOTE, 4, 0x1000, 0, 0xff000, 0, 4)
            .Build();
        ElfNotes notes = Open(file).Notes;
        Assert.Equal(ElfNotes.MaxNotes, notes.All.Count);
        Assert.True(notes.IsIncomplete);
    }

    [Fact]
    public void ReadsTheDynamicSection()
    {
        ElfFile file = Open(SampleElf.Build(withSections: false));
        Assert.Equal(6, file.Dynamic.Entries.Length);
        Assert.Equal(["libx.so"], file.Dynamic.GetNeeded());
        Assert.Equal("me.so", file.Dynamic.GetString(DynamicTag.DT_SONAME));
        Assert.Null(file.Dynamic.GetString(DynamicTag.DT_RUNPATH));
    }

    [Fact]
    public void ReadsSectionNames()
    {
        ElfFile file = Open(SampleElf.Build(withSections: true));
        Assert.Equal(6, file.Sections.Headers.Length);
        Assert.Equal(".dynstr", file.Sections.NameOf(3));
        Assert.Equal(4, file.Sections.Find(".eh_frame"));
        Assert.Equal(-1, file.Sections.Find(".eh_fram"));
        Assert.Equal(-1, file.Sections.Find(new string('x', 1000)));
        Assert.Null(file.Sections.NameOf(6));
        Assert.Null(file.Sections.NameOf(-1));
    }

    [Theory]
    [InlineData(58, 40, "section headers of 40 bytes each (e_shentsize); ELF64 has 64")]
    [InlineData(60, 0xffff, "truncated: section headers end at 0x400bc0 but the file has 4096 bytes")]
    [InlineData(40, 0xfff, "truncated: section headers start at 0xfff but the file has 4096 bytes")]
    public void ExplainsBadSectionTables(int field, int value, string message)
    {
        byte[] bytes = SampleElf.Build(withSections: true);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(field), (ushort)value);
        ElfFile file = Open(bytes);
        Assert.Equal(0, file.Sections.Headers.Length);
        Assert.Equal(message, file.Sections.Error.Message);
        Assert.Equal(ElfErrorCode.SectionHeaders, file.Sections.Error.Code);
    }

    [Fact]
    public void ReadsExtendedSectionNumbering()
    {
        byte[] bytes = SampleElf.Build(withSections: true);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(60), 0);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(62), ElfHeader.SHN_XINDEX);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(0xc00 + 32), 6);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(0xc00 + 40), 5);
        Assert.Equal(".text", Open(bytes).Sections.NameOf(1));
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(0xc00 + 32), ulong.MaxValue);
        Assert.Equal("18446744073709551615 section headers; at most 262144 are read", Open(bytes).Sections.Error.Message);
    }
}
