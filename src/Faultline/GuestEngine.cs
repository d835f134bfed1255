namespace Faultline;

/// <summary>How a <see cref="Machine"/> executes guest code. The guest cannot tell the difference but by the time it takes.</summary>
public enum GuestEngine
{
    /// <summary>Interpreted, and translated to host code in the background where it is hot. The one to use.</summary>
    Auto,

    /// <summary>Interpreted only: slower, for comparisons and for hunting a suspected defect of the translator.</summary>
    Interpreter,

    /// <summary>Translated before it first runs, on the guest's own thread: slow to start, for tests.</summary>
    Translator,
}
