namespace Faultline.Elf.Sources;

/// <summary>
/// Bytes of one ELF file, read by position. The reader asks for headers and tables only, never for the whole file, so an
/// implementation should read on demand.
/// </summary>
internal interface IElfSource
{
    /// <summary>Length of the file in bytes.</summary>
    long Length { get; }

    /// <summary>
    /// Reads from <paramref name="offset"/> into <paramref name="buffer"/>.
    /// </summary>
    /// <param name="offset">Position in the file, in bytes; never negative.</param>
    /// <param name="buffer">Receives the bytes.</param>
    /// <returns>
    /// How many bytes were read (fewer than asked only at the end of the file, 0 past it), or a negated Linux errno when the
    /// host could not read.
    /// </returns>
    int Read(long offset, Span<byte> buffer);
}
