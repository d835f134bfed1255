using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Faultline.Linux.Kernel;

/// <summary>Processors on which a thread may run (Linux's cpumask). Never empty, and immutable: a change replaces it, so that a reader sees one state.</summary>
internal sealed class ProcessorSet
{
    /// <summary>Bits in a group of cpumap_print_to_pagebuf, which puts commas between them.</summary>
    private const int GroupBits = 32;

    private readonly byte[] _bits;
    private readonly int _present;

    private ProcessorSet(byte[] bits, int present)
    {
        _bits = bits;
        _present = present;
        First = NextIn(true, 0);
    }

    /// <summary>The first of them: the one that a thread with this set runs on.</summary>
    public int First { get; }

    /// <summary>Every processor there is.</summary>
    public static ProcessorSet All(int present)
    {
        byte[] bits = new byte[ByteCount(present)];
        for (int i = 0; i < present; i++)
            bits[i / 8] |= (byte)(1 << (i % 8));
        return new ProcessorSet(bits, present);
    }

    /// <summary>Those processors of a mask that there are, or null when there is none.</summary>
    /// <param name="mask">Bit n of byte m is processor 8m + n; what is missing is clear.</param>
    /// <param name="present">How many processors there are.</param>
    public static ProcessorSet? From(ReadOnlySpan<byte> mask, int present)
    {
        byte[] bits = new byte[ByteCount(present)];
        bool any = false;
        for (int i = 0; i < Math.Min(present, mask.Length * 8); i++)
        {
            if ((mask[i / 8] & (1 << (i % 8))) == 0)
                continue;
            bits[i / 8] |= (byte)(1 << (i % 8));
            any = true;
        }
        return any ? new ProcessorSet(bits, present) : null;
    }

    /// <summary>Length of a mask in bytes, in whole words (cpumask_size).</summary>
    public static int ByteCount(int present) => (present + 63) / 64 * sizeof(ulong);

    /// <summary>The mask, as sched_getaffinity(2) gives it.</summary>
    public ReadOnlySpan<byte> Mask => _bits;

    /// <summary>In hexadecimal, the highest first, with a comma every 32 processors: Cpus_allowed of /proc/PID/status.</summary>
    public string ToMaskText()
    {
        StringBuilder text = new();
        for (int group = (_present - 1) / GroupBits; group >= 0; group--)
        {
            uint value = BinaryPrimitives.ReadUInt32LittleEndian(_bits.AsSpan(group * sizeof(uint)));
            int bits = Math.Min(_present - (group * GroupBits), GroupBits);
            _ = text.Append(value.ToString("x" + ((bits + 3) / 4).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture));
            if (group > 0)
                _ = text.Append(',');
        }
        return text.ToString();
    }

    /// <summary>As ranges such as <c>0-3,8</c>: Cpus_allowed_list.</summary>
    public string ToListText()
    {
        StringBuilder text = new();
        for (int start = First; start < _present;)
        {
            int end = NextIn(false, start);
            _ = text.Append(text.Length == 0 ? "" : ",").Append(CultureInfo.InvariantCulture, $"{start}");
            if (end - start > 1)
                _ = text.Append(CultureInfo.InvariantCulture, $"-{end - 1}");
            start = NextIn(true, end);
        }
        return text.ToString();
    }

    /// <summary>The first processor from a number on that is, or is not, in the set; the count of processors for none.</summary>
    private int NextIn(bool isMember, int from)
    {
        while (from < _present && ((_bits[from / 8] >> (from % 8)) & 1) != (isMember ? 1 : 0))
            from++;
        return from;
    }
}
