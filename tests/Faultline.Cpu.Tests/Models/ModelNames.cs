namespace Faultline.Cpu.Tests.Models;

/// <summary>The models by the names that users give them.</summary>
internal static class ModelNames
{
    /// <summary>A model.</summary>
    public static CpuModel Of(string name) => name switch
    {
        "v1" => CpuModel.V1,
        "v2" => CpuModel.V2,
        "v3" => CpuModel.V3,
        "v4" => CpuModel.V4,
        "host-like" => CpuModel.HostLike(),
        _ => throw new ArgumentException(name),
    };
}
