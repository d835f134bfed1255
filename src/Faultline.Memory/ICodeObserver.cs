namespace Faultline.Memory;

/// <summary>Told when decoded or translated code may no longer match memory.</summary>
internal interface ICodeObserver
{
    /// <summary>
    /// The bytes, the protection or the mapping of some pages that were marked with <see cref="AddressSpace.MarkCode(ulong)"/> are about to change.
    /// Called with the address space's lock held; the marks are gone when it returns.
    /// </summary>
    /// <param name="page">Guest page number.</param>
    void CodeChanged(ulong page);
}
