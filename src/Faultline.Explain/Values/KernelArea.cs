namespace Faultline.Explain.Values;

/// <summary>A stretch of the kernel's address space.</summary>
/// <param name="First">Its first address.</param>
/// <param name="Last">Its last address, inclusive.</param>
/// <param name="Class">What an address in it is.</param>
/// <param name="Text">Its name.</param>
/// <param name="Moves">Address randomisation moves it within its neighbours: the bounds are those of a kernel without.</param>
internal readonly record struct KernelArea(ulong First, ulong Last, ValueClass Class, string Text, bool Moves = false)
{
    /// <summary>Whether the area holds an address.</summary>
    public bool Holds(ulong address) => address >= First && address <= Last;
}
