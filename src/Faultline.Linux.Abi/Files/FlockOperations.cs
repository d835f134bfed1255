namespace Faultline.Linux.Abi.Files;

/// <summary>Operations of <c>flock(2)</c>.</summary>
internal static class FlockOperations
{
    public const int LOCK_SH = 1;
    public const int LOCK_EX = 2;
    public const int LOCK_NB = 4;

    /// <summary>Mandatory share modes, which Linux no longer has.</summary>
    public const int LOCK_MAND = 32;
    public const int LOCK_UN = 8;
}
