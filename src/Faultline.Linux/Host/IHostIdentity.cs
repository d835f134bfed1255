namespace Faultline.Linux.Host;

/// <summary>Facts about the host machine and the user of this process that the guest may see.</summary>
internal interface IHostIdentity
{
    /// <summary>Real user id.</summary>
    uint UserId { get; }

    /// <summary>Effective user id.</summary>
    uint EffectiveUserId { get; }

    /// <summary>Real group id.</summary>
    uint GroupId { get; }

    /// <summary>Effective group id.</summary>
    uint EffectiveGroupId { get; }

    /// <summary>Supplementary groups.</summary>
    uint[] Groups { get; }

    /// <summary>This host process's id, which the first guest process takes.</summary>
    int ProcessId { get; }

    /// <summary>Its parent's id.</summary>
    int ParentProcessId { get; }

    /// <summary>Its process group, or its own id where the host has none.</summary>
    int ProcessGroup { get; }

    /// <summary>Its session, or its own id where the host has none.</summary>
    int Session { get; }

    /// <summary>The machine's name.</summary>
    string HostName { get; }

    /// <summary>Processors the guest is told of.</summary>
    int ProcessorCount { get; }

    /// <summary>Physical memory in bytes.</summary>
    long MemoryTotal { get; }

    /// <summary>Memory that is free or can be made free, in bytes.</summary>
    long MemoryAvailable { get; }

    /// <summary>Load averages over 1, 5 and 15 minutes, as Linux counts them.</summary>
    (double One, double Five, double Fifteen) LoadAverage { get; }

    /// <summary>A resource limit of this host process (RLIMIT_ number), as the guest's starting value.</summary>
    /// <returns>False when the host has no such limit.</returns>
    bool TryGetLimit(int resource, out ulong soft, out ulong hard);

    /// <summary>The current directory of this process, one char per byte; null when somebody has removed it.</summary>
    string? CurrentDirectory { get; }
}
