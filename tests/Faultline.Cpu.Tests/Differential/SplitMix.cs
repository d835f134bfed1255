namespace Faultline.Cpu.Tests.Differential;

/// <summary>A small generator whose whole sequence follows from a seed (SplitMix64), the same on every host and runtime.</summary>
internal sealed class SplitMix(ulong seed)
{
    private ulong _state = seed;

    /// <summary>The generator of one case.</summary>
    public static SplitMix Of(ulong seed, int form, int index)
    {
        SplitMix mixed = new(seed ^ (((ulong)(uint)form << 32) + (uint)index) * 0x9e3779b97f4a7c15);
        return new SplitMix(mixed.Next());
    }

    public ulong Next()
    {
        ulong z = _state += 0x9e3779b97f4a7c15;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }

    /// <summary>0 to <paramref name="limit"/> - 1.</summary>
    public int Below(int limit) => (int)((Next() >> 32) * (ulong)limit >> 32);

    /// <summary>True in <paramref name="percent"/> of a hundred.</summary>
    public bool Chance(int percent) => Below(100) < percent;

    public T Pick<T>(ReadOnlySpan<T> values) => values[Below(values.Length)];
}
