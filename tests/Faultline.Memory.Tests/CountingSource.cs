using System.Runtime.InteropServices;

namespace Faultline.Memory.Tests;

/// <summary>An object of any length whose bytes follow from their offset, and which counts what is asked of it.</summary>
internal sealed unsafe class CountingSource(ulong length) : IPageSource
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ulong, nint> _shared = [];

    /// <summary>Bytes of the object; may change under a mapping.</summary>
    public ulong Length { get; set; } = length;

    /// <summary>References added and not released.</summary>
    public int References { get; private set; }

    /// <summary>The lowest that <see cref="References"/> has been after a release.</summary>
    public int Lowest { get; private set; } = int.MaxValue;

    /// <summary>Bytes of destination given to <see cref="Fill"/>.</summary>
    public long BytesAsked { get; private set; }

    /// <summary>Calls of <see cref="Fill"/>.</summary>
    public int Fills { get; private set; }

    /// <summary>Whether every destination started out zeroed.</summary>
    public bool AlwaysZeroed { get; private set; } = true;

    /// <summary>The byte at an offset; never 0.</summary>
    public static byte ByteAt(ulong offset) => (byte)(1 + (((offset * 0x9E37_79B9_7F4A_7C15) >> 40) % 255));

    public int Fill(ulong offset, Span<byte> destination)
    {
        lock (_lock)
        {
            BytesAsked += destination.Length;
            Fills++;
            AlwaysZeroed &= !destination.ContainsAnyExcept((byte)0);
            if (offset >= Length)
                return 0;
            int n = (int)Math.Min((ulong)destination.Length, Length - offset);
            for (int i = 0; i < n; i++)
                destination[i] = ByteAt(offset + (ulong)i);
            return (int)GuestPage.Ceiling((ulong)n);
        }
    }

    public byte* SharedPage(ulong offset, bool forWrite)
    {
        lock (_lock)
        {
            if (offset >= GuestPage.Ceiling(Length))
                return null;
            if (!_shared.TryGetValue(offset, out nint page))
            {
                page = (nint)NativeMemory.AlignedAlloc(GuestPage.Size, GuestPage.Size);
                for (int i = 0; i < GuestPage.Size; i++)
                    ((byte*)page)[i] = offset + (ulong)i < Length ? ByteAt(offset + (ulong)i) : (byte)0;
                _shared.Add(offset, page);
            }
            return (byte*)page;
        }
    }

    public void AddReference()
    {
        lock (_lock)
            References++;
    }

    public void Release()
    {
        lock (_lock)
        {
            References--;
            Lowest = Math.Min(Lowest, References);
            if (References != 0)
                return;
            foreach (nint page in _shared.Values)
                NativeMemory.AlignedFree((void*)page);
            _shared.Clear();
        }
    }
}
