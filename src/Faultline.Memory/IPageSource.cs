namespace Faultline.Memory;

/// <summary>
/// What stands behind a mapping: a file, a shared memory object. Anonymous private memory has no source. A source outlives
/// every mapping that refers to it; <see cref="AddReference"/> and <see cref="Release"/> count the mappings.
/// </summary>
internal unsafe interface IPageSource
{
    /// <summary>What is equal for all sources of the same object, by <see cref="object.Equals(object)"/>: a file may be opened, and so mapped, more than once.</summary>
    object Identity => this;

    /// <summary>
    /// Copies bytes of the object into fresh private frames. <paramref name="destination"/> is whole pages and starts out zeroed.
    /// </summary>
    /// <param name="offset">Byte offset in the object, a multiple of the page size.</param>
    /// <param name="destination">Whole pages of host memory.</param>
    /// <returns>
    /// How many bytes are backed by pages of the object, rounded up to whole pages: 0 when <paramref name="offset"/> lies beyond the last page.
    /// </returns>
    int Fill(ulong offset, Span<byte> destination);

    /// <summary>
    /// For private mappings that are executed and not written: a frame of the address space's pool that has the page at <paramref name="offset"/> and that others may show too,
    /// with a reference for the caller; null where there is none, and <see cref="Fill"/> is to be asked.
    /// </summary>
    byte* TakeFrame(ulong offset) => null;

    /// <summary>
    /// For shared mappings: host memory of the page at <paramref name="offset"/>, valid until the last reference is released, or null
    /// when the object ends before it.
    /// </summary>
    byte* SharedPage(ulong offset, bool forWrite);

    /// <summary>Called for every mapping made of this source, and for every piece when a mapping is split.</summary>
    void AddReference();

    /// <summary>Called for every mapping of this source that ends.</summary>
    void Release();
}
