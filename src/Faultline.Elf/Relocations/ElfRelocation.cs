using System.Buffers.Binary;

namespace Faultline.Elf.Relocations;

/// <summary>One entry of a relocation table.</summary>
/// <param name="Offset">r_offset: in relocatable objects an offset in the section, else a link-time address.</param>
/// <param name="Type">The type.</param>
/// <param name="Symbol">Index in the symbol table, 0 for none.</param>
/// <param name="Addend">r_addend, or 0 in tables without addends, where the field itself holds it.</param>
internal readonly record struct ElfRelocation(ulong Offset, RelocationType Type, uint Symbol, long Addend)
{
    /// <summary>Size of Elf64_Rela, in bytes.</summary>
    public const int RelaSize = 24;

    /// <summary>Size of Elf64_Rel, in bytes.</summary>
    public const int RelSize = 16;

    /// <summary>Decodes one entry of 16 or 24 bytes.</summary>
    public static ElfRelocation Decode(ReadOnlySpan<byte> bytes)
    {
        ulong info = BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]);
        long addend = bytes.Length >= RelaSize ? BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]) : 0;
        return new ElfRelocation(BinaryPrimitives.ReadUInt64LittleEndian(bytes), (RelocationType)(uint)info, (uint)(info >> 32), addend);
    }
}
