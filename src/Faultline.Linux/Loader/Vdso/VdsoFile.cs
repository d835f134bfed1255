using System.Buffers.Binary;
using System.Text;
using Faultline.Elf.Headers;
using Faultline.Memory;

namespace Faultline.Linux.Loader.Vdso;

/// <summary>Puts sections together to a shared object (gABI, chapters 4 and 5): header, program headers, sections, names, section headers.</summary>
internal static class VdsoFile
{
    private const int SectionHeaderSize = 64;

    /// <summary>Which sections have a program header of their own.</summary>
    private static readonly (SegmentType Type, string Name)[] _segments = [(SegmentType.PT_DYNAMIC, ".dynamic"), (SegmentType.PT_GNU_EH_FRAME, ".eh_frame_hdr")];

    /// <summary>Writes the image: one segment that is read and executed, from the first byte on.</summary>
    public static byte[] Write(VdsoSection[] sections)
    {
        VdsoAddresses addresses = new(sections);
        int end = ElfHeader.Size + ((1 + _segments.Length) * ProgramHeader.Size);
        foreach (VdsoSection section in sections)
        {
            end = Align(end, section.Alignment);
            addresses[section.Name] = (ulong)end;
            end += section.Contents(addresses).Length;
        }
        byte[] image = new byte[GuestPage.Size];
        foreach (VdsoSection section in sections)
            section.Contents(addresses).CopyTo(image, (int)addresses[section.Name]);
        int loaded = end;
        end = WriteSectionHeaders(image, sections, addresses, end, out int headers);
        WriteHeader(image, headers, sections.Length + 2);
        Span<byte> next = image.AsSpan(ElfHeader.Size);
        WriteSegment(next, SegmentType.PT_LOAD, SegmentFlags.PF_R | SegmentFlags.PF_X, 0, loaded, GuestPage.Size);
        foreach ((SegmentType type, string name) in _segments)
        {
            next = next[ProgramHeader.Size..];
            VdsoSection section = Array.Find(sections, section => section.Name == name)!;
            WriteSegment(next, type, SegmentFlags.PF_R, (int)addresses[name], section.Contents(addresses).Length, section.Alignment);
        }
        return image;
    }

    private static void WriteHeader(Span<byte> image, int sectionHeaders, int count)
    {
        const int dynamic = 3, machine = 62;
        ReadOnlySpan<byte> identification = [0x7F, (byte)'E', (byte)'L', (byte)'F', ElfHeader.ELFCLASS64, ElfHeader.ELFDATA2LSB, 1];
        identification.CopyTo(image);
        BinaryPrimitives.WriteUInt16LittleEndian(image[16..], dynamic);
        BinaryPrimitives.WriteUInt16LittleEndian(image[18..], machine);
        BinaryPrimitives.WriteUInt32LittleEndian(image[20..], 1);
        BinaryPrimitives.WriteUInt64LittleEndian(image[32..], ElfHeader.Size);
        BinaryPrimitives.WriteUInt64LittleEndian(image[40..], (ulong)sectionHeaders);
        BinaryPrimitives.WriteUInt16LittleEndian(image[52..], ElfHeader.Size);
        BinaryPrimitives.WriteUInt16LittleEndian(image[54..], ProgramHeader.Size);
        BinaryPrimitives.WriteUInt16LittleEndian(image[56..], (ushort)(1 + _segments.Length));
        BinaryPrimitives.WriteUInt16LittleEndian(image[58..], SectionHeaderSize);
        BinaryPrimitives.WriteUInt16LittleEndian(image[60..], (ushort)count);
        BinaryPrimitives.WriteUInt16LittleEndian(image[62..], (ushort)(count - 1));
    }

    private static void WriteSegment(Span<byte> header, SegmentType type, SegmentFlags flags, int address, int size, int alignment)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(header, (uint)type);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], (uint)flags);
        for (int i = 0; i < 3; i++)
            BinaryPrimitives.WriteUInt64LittleEndian(header[(8 + (i * 8))..], (ulong)address);
        BinaryPrimitives.WriteUInt64LittleEndian(header[32..], (ulong)size);
        BinaryPrimitives.WriteUInt64LittleEndian(header[40..], (ulong)size);
        BinaryPrimitives.WriteUInt64LittleEndian(header[48..], (ulong)alignment);
    }

    /// <summary>The names of sections and the headers behind everything else; returns the end of the file.</summary>
    private static int WriteSectionHeaders(Span<byte> image, VdsoSection[] sections, VdsoAddresses addresses, int end, out int headers)
    {
        const string namesName = ".shstrtab";
        StringBuilder list = new("\0");
        foreach (VdsoSection section in sections)
            _ = list.Append(section.Name).Append('\0');
        string names = list.Append(namesName).Append('\0').ToString();
        int namesAt = end;
        end += Encoding.ASCII.GetBytes(names, image[end..]);
        headers = Align(end, sizeof(ulong));
        Span<byte> next = image[headers..];
        foreach (VdsoSection section in sections)
        {
            next = next[SectionHeaderSize..];
            WriteSection(next, names.IndexOf($"\0{section.Name}\0", StringComparison.Ordinal) + 1, section.Type, section.Flags, (int)addresses[section.Name]);
            WriteShape(next, section.Contents(addresses).Length, section.Link is null ? 0 : addresses.IndexOf(section.Link), section.Info, section.Alignment, section.EntrySize);
        }
        next = next[SectionHeaderSize..];
        WriteSection(next, names.IndexOf(namesName, StringComparison.Ordinal), SectionType.SHT_STRTAB, 0, namesAt);
        WriteShape(next, names.Length, 0, 0, 1, 0);
        return headers + ((sections.Length + 2) * SectionHeaderSize);
    }

    private static void WriteSection(Span<byte> header, int name, SectionType type, SectionFlags flags, int offset)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(header, (uint)name);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], (uint)type);
        BinaryPrimitives.WriteUInt64LittleEndian(header[8..], (ulong)flags);
        BinaryPrimitives.WriteUInt64LittleEndian(header[16..], flags == 0 ? 0 : (ulong)offset);
        BinaryPrimitives.WriteUInt64LittleEndian(header[24..], (ulong)offset);
    }

    private static void WriteShape(Span<byte> header, int size, int link, int info, int alignment, int entrySize)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(header[32..], (ulong)size);
        BinaryPrimitives.WriteUInt32LittleEndian(header[40..], (uint)link);
        BinaryPrimitives.WriteUInt32LittleEndian(header[44..], (uint)info);
        BinaryPrimitives.WriteUInt64LittleEndian(header[48..], (ulong)alignment);
        BinaryPrimitives.WriteUInt64LittleEndian(header[56..], (ulong)entrySize);
    }

    private static int Align(int value, int alignment) => (value + alignment - 1) / alignment * alignment;
}
