namespace Faultline.Cpu.Tests.Translator;

/// <summary>The engines as theory data: every result must be the same on all of them.</summary>
internal static class Engines
{
    /// <summary>Their names.</summary>
    public static TheoryData<string> All => [nameof(ExecutionEngine.Interpreter), nameof(ExecutionEngine.Auto), nameof(ExecutionEngine.Translator)];

    /// <summary>Those that translate.</summary>
    public static TheoryData<string> Translating => [nameof(ExecutionEngine.Auto), nameof(ExecutionEngine.Translator)];

    /// <summary>A guest on the engine of that name.</summary>
    public static GuestCode Guest(string engine) => new(engine: Enum.Parse<ExecutionEngine>(engine));
}
