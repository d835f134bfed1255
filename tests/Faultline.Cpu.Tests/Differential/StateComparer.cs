namespace Faultline.Cpu.Tests.Differential;

/// <summary>Lists what differs between the native outcome and the guest's.</summary>
internal static unsafe class StateComparer
{
    private static readonly string[] s_names =
        ["rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15"];

    /// <summary>Differences, a line each; empty when there is none.</summary>
    public static List<string> Compare(ref MachineState native, ReadOnlySpan<byte> nativeData, ref MachineState guest, ReadOnlySpan<byte> guestData, CompareMask mask)
    {
        List<string> differences = [];
        if (!mask.StackFaultIsProtection || native.Trap is not (12 or 13) || guest.Trap is not (12 or 13))
            Field(differences, "trap", native.Trap, guest.Trap);
        Field(differences, "rip", native.TrapRip, guest.TrapRip);
        if (native.Trap == 14 && guest.Trap == 14)
        {
            if (!mask.IgnoreFaultAddress)
                Field(differences, "cr2", native.TrapAddress, guest.TrapAddress);
            // Linux sets the present bit for addresses of the kernel's half, so as not to tell what is mapped there (arch/x86/mm/fault.c).
            ulong hidden = native.TrapAddress >> 63;
            Field(differences, "error code", native.TrapError | hidden, guest.TrapError | hidden);
        }
        if (mask.IgnoreAll)
            return differences;

        for (int i = 0; i < 16; i++)
        {
            if ((mask.IgnoredGprs & (1 << i)) == 0)
                Field(differences, s_names[i], native.Gpr[i], guest.Gpr[i]);
        }
        Field(differences, "rflags", native.Rflags & mask.Rflags, guest.Rflags & mask.Rflags);
        Field(differences, "gs base", native.GsBase, guest.GsBase);
        Field(differences, "mxcsr", native.Mxcsr, guest.Mxcsr);
        Field(differences, "fcw", native.X87Control, guest.X87Control);
        Field(differences, "fsw", (uint)native.X87Status & mask.X87Status, (uint)guest.X87Status & mask.X87Status);
        Field(differences, "ftw", native.X87Tag, guest.X87Tag);
        for (int i = 0; i < 8; i++)
        {
            if (!IsNear(StOf(ref native, i), StOf(ref guest, i), mask.Ulps))
                Bytes(differences, $"st{i}", StOf(ref native, i), StOf(ref guest, i));
        }
        for (int i = 0; i < 16; i++)
        {
            if ((mask.IgnoredVectors & (1 << i)) == 0)
                Bytes(differences, $"ymm{i}", YmmOf(ref native, i), YmmOf(ref guest, i));
        }
        Memory(differences, nativeData, guestData, mask);
        return differences;
    }

    private static void Memory(List<string> differences, ReadOnlySpan<byte> native, ReadOnlySpan<byte> guest, CompareMask mask)
    {
        if (native.SequenceEqual(guest))
            return;
        for (int i = 0; i < native.Length && differences.Count < 24; i += 8)
        {
            ulong a = BitConverter.ToUInt64(native[i..]), b = BitConverter.ToUInt64(guest[i..]);
            if (a == b)
                continue;
            for (int j = 0; j < 8; j++)
            {
                ulong at = Scratch.Data + (ulong)(i + j);
                bool ignored = false;
                foreach ((ulong address, int length) in mask.IgnoredMemory)
                    ignored |= at >= address && at < address + (ulong)length;
                if (native[i + j] != guest[i + j] && !ignored)
                {
                    Field(differences, $"[{Scratch.Data + (ulong)i:x}]", a, b);
                    break;
                }
            }
        }
    }

    private static Span<byte> StOf(ref MachineState state, int number)
    {
        fixed (byte* p = state.Fx)
            return new Span<byte>(p + MachineState.StOffset + 16 * number, 10);
    }

    private static Span<byte> YmmOf(ref MachineState state, int number)
    {
        fixed (byte* p = state.Ymm)
            return new Span<byte>(p + 32 * number, NativeRunner.HasYmm ? 32 : 16);
    }

    private static bool IsNear(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, ulong ulps) =>
        ulps != 0 && Int128.Abs(Position(a) - Position(b)) <= ulps;

    /// <summary>Neighbouring numbers of the 80-bit format have neighbouring positions, across powers of two as well.</summary>
    private static Int128 Position(ReadOnlySpan<byte> value)
    {
        ushort signExponent = BitConverter.ToUInt16(value[8..]);
        Int128 magnitude = ((Int128)(signExponent & 0x7FFF) << 63) + (long)(BitConverter.ToUInt64(value) & long.MaxValue);
        return (signExponent & 0x8000) != 0 ? -magnitude : magnitude;
    }

    private static void Field(List<string> differences, string name, ulong native, ulong guest)
    {
        if (native != guest)
            differences.Add($"    {name}: native {native:x} guest {guest:x}");
    }

    private static void Bytes(List<string> differences, string name, ReadOnlySpan<byte> native, ReadOnlySpan<byte> guest)
    {
        if (!native.SequenceEqual(guest))
            differences.Add($"    {name}: native {Hex(native)} guest {Hex(guest)}");
    }

    /// <summary>Hexadecimal with the highest byte first, in groups of eight bytes.</summary>
    public static string Hex(ReadOnlySpan<byte> bytes)
    {
        System.Text.StringBuilder text = new();
        for (int i = bytes.Length - 1; i >= 0; i--)
        {
            text.Append(bytes[i].ToString("x2"));
            if (i % 8 == 0 && i > 0)
                text.Append('_');
        }
        return text.ToString();
    }
}
