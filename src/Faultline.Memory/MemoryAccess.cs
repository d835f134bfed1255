namespace Faultline.Memory;

/// <summary>The three ways a processor touches memory.</summary>
internal enum MemoryAccess : byte
{
    /// <summary>A data load.</summary>
    Read,

    /// <summary>A data store.</summary>
    Write,

    /// <summary>An instruction fetch.</summary>
    Execute,
}
