namespace Faultline.Cpu.Translator;

/// <summary>Where control goes from a region when everything is stored.</summary>
internal enum WayOut
{
    /// <summary>To another block, which may be another region.</summary>
    HandOver,

    /// <summary>To the interpreter, for the instruction at the address.</summary>
    Interpret,

    /// <summary>The same, because a floating-point operation was not routine.</summary>
    UnusualFloat,

    /// <summary>The same, because an x87 operation was not routine.</summary>
    UnusualX87,

    /// <summary>The same, because of an access to memory.</summary>
    UnusualAccess,
}
