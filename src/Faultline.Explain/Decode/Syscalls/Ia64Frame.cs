namespace Faultline.Explain.Decode.Syscalls;

/// <summary>
/// The stacked registers of an ia64 frame, from registers (<c>r32</c>) or from the backing store in memory (<c>krbs[0]</c>, <c>rbs[0]</c>), where
/// every 64th slot holds NaT bits and no register (Itanium Architecture SDM vol. 2, section 6.1; <c>asm/rse.h</c>).
/// </summary>
internal readonly struct Ia64Frame
{
    private static readonly string[] _arrays = ["krbs", "rbs", "bsp"];

    private readonly RegisterDump _dump;

    private readonly string? _array;

    /// <summary>The frame in a dump.</summary>
    public Ia64Frame(RegisterDump dump)
    {
        _dump = dump;
        foreach (string array in _arrays)
        {
            if (dump.Element(array, 0) is not null)
            {
                _array = array;
                break;
            }
        }
    }

    /// <summary>The frame marker: size in bits 6:0, locals (inputs included) in bits 13:7. Null when the dump has none.</summary>
    public ulong? Marker => _dump.First("cr.ifs", "ifs", "cr_ifs", "cfm", "ar.pfs.cfm");

    /// <summary>How many registers precede the outputs; null when the dump does not tell.</summary>
    public int? Locals => Marker is { } marker ? (int)(marker >> 7 & 0x7f) : null;

    /// <summary>A register of the frame, counted from r32; null when the dump does not have it.</summary>
    public ulong? this[int index]
    {
        get
        {
            if (_array is not { } array)
                return index is >= 0 and < 96 ? _dump[$"r{32 + index}"] : null;
            ulong slot = (_dump[array] ?? 0) >> 3 & 0x3f;
            // Slots 0 to 62 of each 64 hold registers.
            int skipped = index < 0 ? 0 : ((int)slot + index) / 63;
            return _dump.Element(array, index + skipped);
        }
    }

    /// <summary>What a register of the frame is called in the dump.</summary>
    public string Describe(int index) => _array is { } array ? $"{array}[{index}]" : $"r{32 + index}";
}
