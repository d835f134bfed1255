using Faultline.Elf.Sources;

namespace Faultline.Explain.Images.Layout;

/// <summary>Reads short pieces of an image in order of address through a window, so that ten thousands of them cost few reads.</summary>
internal sealed class SectionWindow(ImageFile image)
{
    private const int Size = 1 << 16;
    private const int Overlap = 64;

    private readonly byte[] _window = new byte[Size];
    private ulong _start;
    private int _length;

    /// <summary>Up to <paramref name="count"/> bytes from an address on; fewer at the end of a section.</summary>
    public ReadOnlySpan<byte> Read(ulong address, int count)
    {
        ulong offset = address - _start;
        if (offset >= (ulong)_length || (ulong)_length - offset < (ulong)count)
        {
            // From a little before on: the next question may be about the bytes before a close address.
            _start = address < Overlap ? 0 : address - Overlap;
            if (!TryFill(_start) || address - _start >= (ulong)_length)
            {
                _start = address;
                if (!TryFill(_start))
                    return default;
            }
            offset = address - _start;
        }
        return _window.AsSpan((int)offset, Math.Min(count, _length - (int)offset));
    }

    private bool TryFill(ulong address)
    {
        _length = 0;
        if (!image.TryGetFileOffset(address, out ulong offset, out ulong available))
            return false;
        int count = (int)Math.Min(available, Size);
        if (!image.Elf.Source.TryReadExactly(offset, _window.AsSpan(0, count)))
            return false;
        _length = count;
        return true;
    }
}
