using System.Reflection;
using Faultline.Cpu.State;

namespace Faultline.Cpu.Translator;

/// <summary>
/// The methods behind the function pointers of the instruction table, so that translated code can call bodies by method, which lets the JIT inline them. Every static method
/// whose first parameter is the CpuState* is a body or as good as one.
/// </summary>
internal static unsafe class BodyMethods
{
    private static readonly Lock s_lock = new();
    private static readonly Dictionary<nint, MethodInfo> s_methods = [];

    /// <summary>Types that nobody has looked into yet: those of integer instructions, which every program has, before those of vectors.</summary>
    private static Queue<Type>? s_types;

    /// <summary>The method of a body, or null: then it must be called through its pointer. Thread-safe.</summary>
    public static MethodInfo? Find(nint body)
    {
        lock (s_lock)
        {
            s_types ??= new Queue<Type>(typeof(BodyMethods).Assembly.GetTypes().Where(HasBodies).OrderBy(type => type.Namespace, StringComparer.Ordinal));
            // A type at a time: to ask for the pointers of all takes the runtime ten milliseconds, and the first region waits for it.
            while (!s_methods.ContainsKey(body) && s_types.TryDequeue(out Type? type))
                Add(type);
            return s_methods.GetValueOrDefault(body);
        }
    }

    private static bool HasBodies(Type type) => !type.IsGenericTypeDefinition && type.Namespace?.StartsWith("Faultline.Cpu.S", StringComparison.Ordinal) == true;

    private static void Add(Type type)
    {
        foreach (MethodInfo method in type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
        {
            if (!method.IsGenericMethodDefinition && method.GetParameters() is [{ } first, ..] && first.ParameterType == typeof(CpuState*))
                s_methods.TryAdd(method.MethodHandle.GetFunctionPointer(), method);
        }
    }
}
