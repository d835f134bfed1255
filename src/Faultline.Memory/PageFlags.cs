namespace Faultline.Memory;

/// <summary>Facts about a present page, kept in the low bits of its <see cref="PageDirectory"/> entry.</summary>
[Flags]
internal enum PageFlags : uint
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>The frame is the pool's and this address space holds a reference to it.</summary>
    Owned = 1,

    /// <summary>Another address space may see this frame: a store copies it first.</summary>
    CopyOnWrite = 2,

    /// <summary>Code was decoded from this page: a store tells the observer first.</summary>
    Code = 4,

    /// <summary>The frame lies in a window of some address space's <see cref="PageHomes"/>, not in the pool.</summary>
    Home = 8,
}
