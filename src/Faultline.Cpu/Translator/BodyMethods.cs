using System.Reflection;
using Faultline.Cpu.State;

namespace Faultline.Cpu.Translator;

/// <summary>
/// The methods behind the function pointers of the instruction table, so that translated code can call bodies by method, which lets the JIT inline them. Every static method
/// whose first parameter is the CpuState* is a body or as good as one.
/// </summary>
internal static unsafe class BodyMethods
{
    private static readonly Lazy<Dictionary<nint, MethodInfo>> s_methods = new(Find);

    /// <summary>The method of a body, or null: then it must be called through its pointer.</summary>
    public static MethodInfo? Find(nint body) => s_methods.Value.GetValueOrDefault(body);

    /// <summary>Finds them now rather than at the first use.</summary>
    public static void Collect() => _ = s_methods.Value;

    private static Dictionary<nint, MethodInfo> Find()
    {
        Dictionary<nint, MethodInfo> methods = [];
        foreach (Type type in typeof(BodyMethods).Assembly.GetTypes())
        {
            if (type.IsGenericTypeDefinition || type.Namespace?.StartsWith("Faultline.Cpu.S", StringComparison.Ordinal) != true)
                continue;
            foreach (MethodInfo method in type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                if (method.IsGenericMethodDefinition || method.GetParameters() is not [{ } first, ..] || first.ParameterType != typeof(CpuState*))
                    continue;
                methods.TryAdd(method.MethodHandle.GetFunctionPointer(), method);
            }
        }
        return methods;
    }
}
