namespace Faultline;

/// <summary>
/// Where the time of a run went, and what the translator did. Instructions are counted exactly. Times are wall time of the guest's thread: what it spent inside and
/// outside guest code is measured at each crossing, and how guest code divides into interpreted and translated is estimated from 200 samples a second.
/// </summary>
public sealed record RunProfile
{
    /// <summary>Time in which guest code was interpreted, an estimate.</summary>
    public TimeSpan InterpreterTime { get; init; }

    /// <summary>Time in which translated guest code ran, an estimate.</summary>
    public TimeSpan TranslatedTime { get; init; }

    /// <summary>Time in the kernel, system calls that waited for something included.</summary>
    public TimeSpan KernelTime { get; init; }

    /// <summary>Time in which the guest waited while its own thread chose and installed regions, or compiled them with <see cref="GuestEngine.Translator"/>.</summary>
    public TimeSpan TranslatingTime { get; init; }

    /// <summary>Instructions that were interpreted.</summary>
    public long InterpretedInstructions { get; init; }

    /// <summary>Instructions that translated code executed, <see cref="Fallbacks"/> included.</summary>
    public long TranslatedInstructions { get; init; }

    /// <summary>Stretches of hot code that were chosen to be translated.</summary>
    public int RegionsRequested { get; init; }

    /// <summary>Of these, compiled and made reachable before the program ended.</summary>
    public int RegionsCompiled { get; init; }

    /// <summary>Regions given up because their bytes were changed, unmapped or protected.</summary>
    public int RegionsInvalidated { get; init; }

    /// <summary>Regions given up because floating-point operations in them were often unusual, to be made anew without fast paths for them.</summary>
    public int RegionsRemade { get; init; }

    /// <summary>Regions that took the place of several between which control often went to and fro.</summary>
    public int RegionsJoined { get; init; }

    /// <summary>Regions that could not be compiled, which is a defect: they are interpreted.</summary>
    public int RegionsFailed { get; init; }

    /// <summary>Address of the first region that failed, and why; null when none did.</summary>
    public string? FirstFailure { get; init; }

    /// <summary>
    /// Threads of the guest, one for each program that it executed, that were interpreted only, because the host refused their process the address space that translated code needs:
    /// 544 GiB each, for at most 176 processes at once. Under a limit on address space, and on Windows, that is all of them.
    /// </summary>
    public int ThreadsWithoutTables { get; init; }

    /// <summary>Guest instructions in the compiled regions.</summary>
    public long InstructionsCompiled { get; init; }

    /// <summary>Time that compiling them took, in the background unless the engine is <see cref="GuestEngine.Translator"/>.</summary>
    public TimeSpan CompileTime { get; init; }

    /// <summary>How long a compiled region took from request to installation, on average.</summary>
    public TimeSpan AverageWait { get; init; }

    /// <summary>The regions that took most time, up to ten, by samples and then by instructions executed.</summary>
    public IReadOnlyList<RegionUse> HottestRegions { get; init; } = [];

    /// <summary>Instructions that translated code had the interpreter's handler execute, by mnemonic with how often, most frequent first.</summary>
    public IReadOnlyList<KeyValuePair<string, long>> Fallbacks { get; init; } = [];

    /// <summary>
    /// How often translated code was left before an instruction for the interpreter to execute it: system calls, rare branches, memory that is not present or crosses a
    /// page. By mnemonic, most frequent first.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, long>> SlowExits { get; init; } = [];
}
