namespace Faultline.Cpu;

/// <summary>How guest code is executed.</summary>
internal enum ExecutionEngine
{
    /// <summary>Interpreted, and translated where it is hot.</summary>
    Auto,

    /// <summary>Interpreted only.</summary>
    Interpreter,

    /// <summary>Translated before it is first executed, wherever it can be; for tests and comparisons.</summary>
    Translator,
}
