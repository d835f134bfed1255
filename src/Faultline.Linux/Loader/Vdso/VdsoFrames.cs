using System.Buffers.Binary;

namespace Faultline.Linux.Loader.Vdso;

/// <summary>
/// How to unwind through the vDSO (LSB core, chapter 10; System V ABI, AMD64, 4.2.4): no function moves the stack pointer, so one entry for all of them says that the return address
/// lies on top of the stack.
/// </summary>
internal static class VdsoFrames
{
    private const byte DW_EH_PE_udata4 = 0x03;
    private const byte DW_EH_PE_pcrel_sdata4 = 0x1B;
    private const byte DW_EH_PE_datarel_sdata4 = 0x3B;

    private const byte DW_CFA_nop = 0;
    private const byte DW_CFA_def_cfa = 0x0C;
    private const byte DW_CFA_offset = 0x80;
    private const byte StackPointer = 7;
    private const byte ReturnAddress = 16;

    /// <summary>Where the entry of the functions starts in .eh_frame: behind the common one.</summary>
    private const int EntryOffset = 24;

    /// <summary>.eh_frame_hdr: version 1, where .eh_frame is, and a table of one entry.</summary>
    public static byte[] Header(VdsoAddresses at)
    {
        int here = (int)at[".eh_frame_hdr"], frames = (int)at[".eh_frame"];
        byte[] bytes = new byte[20];
        (bytes[0], bytes[1], bytes[2], bytes[3]) = (1, DW_EH_PE_pcrel_sdata4, DW_EH_PE_udata4, DW_EH_PE_datarel_sdata4);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), frames - (here + 4));
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), 1);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), (int)at[".text"] - here);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(16), frames + EntryOffset - here);
        return bytes;
    }

    /// <summary>.eh_frame: what all entries have in common, the entry, and the zero length that ends the table.</summary>
    public static byte[] Table(VdsoAddresses at, int textLength)
    {
        byte[] common =
        [
            20, 0, 0, 0,                        // length
            0, 0, 0, 0,                         // a common entry
            1,                                  // version
            (byte)'z', (byte)'R', 0,            // augmentation
            1,                                  // code alignment
            0x78,                               // data alignment: -8
            ReturnAddress,
            1, DW_EH_PE_pcrel_sdata4,           // augmentation data: how addresses are written
            DW_CFA_def_cfa, StackPointer, 8,
            DW_CFA_offset | ReturnAddress, 1,   // 1 times -8 from the frame's address
            DW_CFA_nop, DW_CFA_nop,
        ];
        byte[] entry = new byte[20 + sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(entry, 16);
        BinaryPrimitives.WriteInt32LittleEndian(entry.AsSpan(4), EntryOffset + 4);
        BinaryPrimitives.WriteInt32LittleEndian(entry.AsSpan(8), (int)at[".text"] - ((int)at[".eh_frame"] + EntryOffset + 8));
        BinaryPrimitives.WriteInt32LittleEndian(entry.AsSpan(12), textLength);
        return [.. common, .. entry];
    }
}
