namespace Faultline.Elf.Unwind;

/// <summary>Memory by address: of a guest process, or of an image that is not loaded.</summary>
internal interface IMemoryReader
{
    /// <summary>
    /// Reads from <paramref name="address"/> into <paramref name="buffer"/> as far as memory is readable without a gap.
    /// </summary>
    /// <param name="address">Any 64-bit value.</param>
    /// <param name="buffer">Receives the bytes.</param>
    /// <returns>How many bytes were read: 0 when the first is not readable. Never negative.</returns>
    int Read(ulong address, Span<byte> buffer);
}
