namespace Faultline.Explain.Values;

/// <summary>What a poison pattern says of the memory that it was read from.</summary>
internal enum PoisonState
{
    /// <summary>The memory had been given back when the value was read.</summary>
    Freed,

    /// <summary>The memory was allocated and never written.</summary>
    Uninitialised,

    /// <summary>The value is a guard beside an object, not part of it.</summary>
    RedZone,

    /// <summary>The value is a pointer that was overwritten when its object was taken off a list or switched off.</summary>
    Removed,

    /// <summary>A marker that the kernel compares, such as the end of a stack.</summary>
    Magic,

    /// <summary>Filler between functions or after the code that ran at boot.</summary>
    Padding,
}
