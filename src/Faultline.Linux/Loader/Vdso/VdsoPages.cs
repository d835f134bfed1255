using System.Diagnostics;
using Faultline.Linux.Host;
using Faultline.Memory;

namespace Faultline.Linux.Loader.Vdso;

/// <summary>The page of the vDSO, one for all processes of a kernel; whoever stores to it copies it first. Thread-safe.</summary>
internal sealed unsafe class VdsoPages : IPageSource
{
    /// <summary>What /proc/PID/maps calls the mapping.</summary>
    public const string MappingName = "[vdso]";

    private readonly FramePool _frames;
    private readonly Lock _lock = new();
    private byte* _frame;

    /// <summary>Makes the image.</summary>
    /// <param name="frames">Where its frame comes from.</param>
    /// <param name="clock">The clock of system calls.</param>
    public VdsoPages(FramePool frames, IHostClock clock)
    {
        _frames = frames;
        Image = VdsoImage.Of(IsTimestampMonotonic(clock));
    }

    /// <summary>The bytes.</summary>
    public byte[] Image { get; }

    /// <inheritdoc/>
    public int Fill(ulong offset, Span<byte> destination)
    {
        if (offset >= (ulong)Image.Length)
            return 0;
        ReadOnlySpan<byte> bytes = Image.AsSpan((int)offset);
        bytes = bytes[..Math.Min(bytes.Length, destination.Length)];
        bytes.CopyTo(destination);
        return bytes.Length;
    }

    /// <inheritdoc/>
    public byte* TakeFrame(ulong offset)
    {
        if (offset != 0)
            return null;
        lock (_lock)
        {
            if (_frame is null)
            {
                _frame = _frames.Allocate();
                if (_frame is null)
                    return null;
                Image.CopyTo(new Span<byte>(_frame, GuestPage.Size));
            }
            _frames.AddReference(_frame);
            return _frame;
        }
    }

    /// <summary>Nobody maps it shared.</summary>
    public byte* SharedPage(ulong offset, bool forWrite) => null;

    /// <inheritdoc/>
    public void AddReference()
    {
    }

    /// <inheritdoc/>
    public void Release()
    {
    }

    /// <summary>Whether RDTSC, which reads <see cref="Stopwatch"/>, counts the nanoseconds of CLOCK_MONOTONIC: a reading lies between two of the clock.</summary>
    private static bool IsTimestampMonotonic(IHostClock clock)
    {
        const long nanosecond = 1_000_000_000;
        long before = clock.Monotonic, stamp = Stopwatch.GetTimestamp(), after = clock.Monotonic;
        return Stopwatch.Frequency == nanosecond && before <= stamp && stamp <= after;
    }
}
