using System.Buffers.Binary;
using System.Text;
using Faultline.Elf.Headers;
using Faultline.Elf.Unwind;

namespace Faultline.Elf.Tests.Support;

/// <summary>A file of 4 KiB that has a little of everything, at fixed places.</summary>
internal static class SampleElf
{
    public const ulong Base = 0x400000;
    public const ulong F1 = Base + 0x800;
    public const ulong F2 = Base + 0x840;
    public const ulong Label = Base + 0x890;

    private const string Strings = "\0f1\0f2\0label\0libx.so\0me.so\0";
    private const string SectionNames = "\0.text\0.dynsym\0.dynstr\0.eh_frame\0.shstrtab\0";

    /// <summary>Builds it, with section headers or with only what a loader needs.</summary>
    public static byte[] Build(bool withSections, bool withIndex = true)
    {
        byte[] path = Encoding.ASCII.GetBytes("/lib64/ld-linux-x86-64.so.2\0");
        EhFrameBuilder frames = Frames();
        byte[] header = frames.Header(Base + 0x600);
        ElfBuilder builder = new ElfBuilder { Type = 3, Entry = F1, MinimumLength = 0x1000, SectionHeaderOffset = withSections ? 0xc00UL : 0 }
            .Segment(SegmentType.PT_INTERP, 4, 0x300, Base + 0x300, (ulong)path.Length, (ulong)path.Length, 1)
            .Segment(SegmentType.PT_LOAD, 5, 0, Base, 0xc00, 0xc00)
            .Segment(SegmentType.PT_LOAD, 6, 0xc00, Base + 0x1c00, 0x400, 0x2400)
            .Segment(SegmentType.PT_NOTE, 4, 0x340, Base + 0x340, 0x18, 0x18, 4)
            .Segment(SegmentType.PT_NOTE, 4, 0x360, Base + 0x360, 0x30, 0x30, 8)
            .Segment(SegmentType.PT_DYNAMIC, 6, 0x580, Base + 0x580, 0x70, 0x70, 8)
            .Segment(SegmentType.PT_TLS, 4, 0xc00, Base + 0x1c00, 0x10, 0x20, 8)
            .Segment(SegmentType.PT_GNU_STACK, 6, 0, 0, 0, 0, 16);
        if (withIndex)
        {
            builder.Segment(SegmentType.PT_GNU_EH_FRAME, 4, 0x600, Base + 0x600, (ulong)header.Length, (ulong)header.Length, 4);
        }

        builder.Bytes(0x300, path)
            .Bytes(0x340, Words(4, 8, 3, 0x554e47, 0x04030201, 0x08070605))
            .Bytes(0x360, Words(4, 32, 5, 0x554e47, 0xc0000002, 4, 3, 0, 0xc0008002, 4, 1, 0))
            .Bytes(0x400, Symbol(0, 0, 0, 0, 0))
            .Bytes(0x418, Symbol(1, 0x12, 1, F1, 0x40))
            .Bytes(0x430, Symbol(4, 0x12, 1, F2, 0x40))
            .Bytes(0x448, Symbol(7, 0x10, 1, Label, 0))
            .Bytes(0x500, Encoding.ASCII.GetBytes(Strings))
            .Bytes(0x540, Words(1, 1, 1, 0, 0xffffffff, 0xffffffff, 1, 2, 4, 7))
            .Bytes(0x580, Longs(
                1, (ulong)Strings.IndexOf("libx", StringComparison.Ordinal),
                14, (ulong)Strings.IndexOf("me.so", StringComparison.Ordinal),
                5, Base + 0x500, 10, (ulong)Strings.Length, 6, Base + 0x400, 0x6ffffef5, Base + 0x540, 0, 0))
            .Bytes(0x600, header)
            .Bytes(0x640, frames.Bytes);
        if (withSections)
        {
            builder.SectionNames = 5;
            builder.Bytes(0xb00, Encoding.ASCII.GetBytes(SectionNames))
                .Section(0, 0, SectionType.SHT_NULL, 0, 0, 0)
                .Section(1, NameOf(".text"), SectionType.SHT_PROGBITS, F1, 0x800, 0x100)
                .Section(2, NameOf(".dynsym"), SectionType.SHT_DYNSYM, Base + 0x400, 0x400, 4 * 24, link: 3, info: 1, entrySize: 24)
                .Section(3, NameOf(".dynstr"), SectionType.SHT_STRTAB, Base + 0x500, 0x500, (ulong)Strings.Length)
                .Section(4, NameOf(".eh_frame"), SectionType.SHT_PROGBITS, Base + 0x640, 0x640, (ulong)frames.Bytes.Length)
                .Section(5, NameOf(".shstrtab"), SectionType.SHT_STRTAB, 0, 0xb00, (ulong)SectionNames.Length);
        }

        return builder.Build();
    }

    /// <summary>Unwind entries of f1 (a push and a local), f2 (PLT-like expression) and the label (a signal frame).</summary>
    public static EhFrameBuilder Frames() => new EhFrameBuilder(Base + 0x640)
        .Common("zR", 0x1b, [Cfa.DW_CFA_def_cfa, 7, 8, Cfa.DW_CFA_offset | 16, 1])
        .Frame(F1, 0x40, Cfa.DW_CFA_advance_loc | 1, Cfa.DW_CFA_def_cfa_offset, 16, Cfa.DW_CFA_offset | 6, 2)
        .Frame(F2, 0x40, [Cfa.DW_CFA_def_cfa_expression, 11, .. PltExpression])
        .Common("zRS", 0x1b, [Cfa.DW_CFA_def_cfa, 7, 0, Cfa.DW_CFA_expression, 16, 3, DwarfOp.DW_OP_breg0 + 7, 0xa8, 0x01])
        .Frame(Label, 0x10)
        .End();

    /// <summary>rsp + 8 + 8 * (rip % 16 >= 11): what linkers emit for PLT entries.</summary>
    public static byte[] PltExpression =>
    [
        DwarfOp.DW_OP_breg0 + 7, 8, DwarfOp.DW_OP_breg0 + 16, 0, DwarfOp.DW_OP_lit0 + 15, DwarfOp.DW_OP_and, DwarfOp.DW_OP_lit0 + 11,
        DwarfOp.DW_OP_ge, DwarfOp.DW_OP_lit0 + 3, DwarfOp.DW_OP_shl, DwarfOp.DW_OP_plus,
    ];

    private static uint NameOf(string section) => (uint)SectionNames.IndexOf(section + "\0", StringComparison.Ordinal);

    private static byte[] Words(params uint[] words) => [.. words.SelectMany(BitConverter.GetBytes)];

    private static byte[] Longs(params ulong[] longs) => [.. longs.SelectMany(BitConverter.GetBytes)];

    private static byte[] Symbol(uint name, byte info, ushort section, ulong value, ulong size)
    {
        byte[] bytes = new byte[24];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, name);
        bytes[4] = info;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(6), section);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(8), value);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(16), size);
        return bytes;
    }
}
