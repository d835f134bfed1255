using Faultline.Cpu.Semantics.Vector;
using Iced.Intel;
using Form = Faultline.Cpu.Table.InstructionForm;

namespace Faultline.Cpu.Table;

/// <summary>Fused multiply-add.</summary>
internal static unsafe class FmaForms
{
    /// <summary>The row of a form, or default.</summary>
    public static Form Lookup(Code code) => code switch
    {
        // VFMADD
        Code.VEX_Vfmadd132ps_xmm_xmm_xmmm128 => Form.VexFma128(&FmaPs.MulAdd132),
        Code.VEX_Vfmadd132ps_ymm_ymm_ymmm256 => Form.VexFma256(&FmaPs256.MulAdd132),
        Code.VEX_Vfmadd132pd_xmm_xmm_xmmm128 => Form.VexFma128(&FmaPd.MulAdd132),
        Code.VEX_Vfmadd132pd_ymm_ymm_ymmm256 => Form.VexFma256(&FmaPd256.MulAdd132),
        Code.VEX_Vfmadd132ss_xmm_xmm_xmmm32 => Form.VexFma128(&FmaSs.MulAdd132),
        Code.VEX_Vfmadd132sd_xmm_xmm_xmmm64 => Form.VexFma128(&FmaSd.MulAdd132),
        Code.VEX_Vfmadd213ps_xmm_xmm_xmmm128 => Form.VexFma128(&FmaPs.MulAdd213),
        Code.VEX_Vfmadd213ps_ymm_ymm_ymmm256 => Form.VexFma256(&FmaPs256.MulAdd213),
        Code.VEX_Vfmadd213pd_xmm_xmm_xmmm128 => Form.VexFma128(&FmaPd.MulAdd213),
        Code.VEX_Vfmadd213pd_ymm_ymm_ymmm256 => Form.VexFma256(&FmaPd256.MulAdd213),
        Code.VEX_Vfmadd213ss_xmm_xmm_xmmm32 => Form.VexFma128(&FmaSs.MulAdd213),
        Code.VEX_Vfmadd213sd_xmm_xmm_xmmm64 => Form.VexFma128(&FmaSd.MulAdd213),
        Code.VEX_Vfmadd231ps_xmm_xmm_xmmm128 => Form.VexFma128(&FmaPs.MulAdd231),
        Code.VEX_Vfmadd231ps_ymm_ymm_ymmm256 => Form.VexFma256(&FmaPs256.MulAdd231),
        Code.VEX_Vfmadd231pd_xmm_xmm_xmmm128 => Form.VexFma128(&FmaPd.MulAdd231),
        Code.VEX_Vfmadd231pd_ymm_ymm_ymmm256 => Form.VexFma256(&FmaPd256.MulAdd231),
        Code.VEX_Vfmadd231ss_xmm_xmm_xmmm32 => Form.VexFma128(&FmaSs.MulAdd231),
        Code.VEX_Vfmadd231sd_xmm_xmm_xmmm64 => Form.VexFma128(&FmaSd.MulAdd231),

        // VFMSUB
        Code.VEX_Vfmsub132ps_xmm_xmm_xmmm128 => Form.VexFma128(&FmaPs.MulSub132),
        Code.VEX_Vfmsub132ps_ymm_ymm_ymmm256 => Form.VexFma256(&FmaPs256.MulSub132),
        Code.VEX_Vfmsub132pd_xmm_xmm_xmmm128 => Form.VexFma128(&FmaPd.MulSub132),
        Code.VEX_Vfmsub132pd_ymm_ymm_ymmm256 => Form.VexFma256(&FmaPd256.MulSub132),
        Code.VEX_Vfmsub132ss_xmm_xmm_xmmm32 => Form.VexFma128(&FmaSs.MulSub132),
        Code.VEX_Vfmsub132sd_xmm_xmm_xmmm64 => Form.VexFma128(&FmaSd.MulSub132),
        Code.VEX_Vfmsub213ps_xmm_xmm_xmmm128 => Form.VexFma128(&FmaPs.MulSub213),
        Code.VEX_Vfmsub213ps_ymm_ymm_ymmm256 => Form.VexFma256(&FmaPs256.MulSub213),
        Code.VEX_Vfmsub213pd_xmm_xmm_xmmm128 => Form.VexFma128(&FmaPd.MulSub213),
        Code.VEX_Vfmsub213pd_ymm_ymm_ymmm256 => Form.VexFma256(&FmaPd256.MulSub213),
        Code.VEX_Vfmsub213ss_xmm_xmm_xmmm32 => Form.VexFma128(&FmaSs.MulSub213),
        Code.VEX_Vfmsub213sd_xmm_xmm_xmmm64 => Form.VexFma128(&FmaSd.MulSub213),
        Code.VEX_Vfmsub231ps_xmm_xmm_xmmm128 => Form.VexFma128(&FmaPs.MulSub231),
        Code.VEX_Vfmsub231ps_ymm_ymm_ymmm256 => Form.VexFma256(&FmaPs256.MulSub231),
        Code.VEX_Vfmsub231pd_xmm_xmm_xmmm128 => Form.VexFma128(&FmaPd.MulSub231),
        Code.VEX_Vfmsub231pd_ymm_ymm_ymmm256 => Form.VexFma256(&FmaPd256.MulSub231),
        Code.VEX_Vfmsub231ss_xmm_xmm_xmmm32 => Form.VexFma128(&FmaSs.MulSub231),
        Code.VEX_Vfmsub231sd_xmm_xmm_xmmm64 => Form.VexFma128(&FmaSd.MulSub231),

        // VFNMADD
        Code.VEX_Vfnmadd132ps_xmm_xmm_xmmm128 => Form.VexFma128(&FmaPs.NegMulAdd132),
        Code.VEX_Vfnmadd132ps_ymm_ymm_ymmm256 => Form.VexFma256(&FmaPs256.NegMulAdd132),
        Code.VEX_Vfnmadd132pd_xmm_xmm_xmmm128 => Form.VexFma128(&FmaPd.NegMulAdd132),
        Code.VEX_Vfnmadd132pd_ymm_ymm_ymmm256 => Form.VexFma256(&FmaPd256.NegMulAdd132),
        Code.VEX_Vfnmadd132ss_xmm_xmm_xmmm32 => Form.VexFma128(&FmaSs.NegMulAdd132),
        Code.VEX_Vfnmadd132sd_xmm_xmm_xmmm64 => Form.VexFma128(&FmaSd.NegMulAdd132),
        Code.VEX_Vfnmadd213ps_xmm_xmm_xmmm128 => Form.VexFma128(&FmaPs.NegMulAdd213),
        Code.VEX_Vfnmadd213ps_ymm_ymm_ymmm256 => Form.VexFma256(&FmaPs256.NegMulAdd213),
        Code.VEX_Vfnmadd213pd_xmm_xmm_xmmm128 => Form.VexFma128(&FmaPd.NegMulAdd213),
        Code.VEX_Vfnmadd213pd_ymm_ymm_ymmm256 => Form.VexFma256(&FmaPd256.NegMulAdd213),
        Code.VEX_Vfnmadd213ss_xmm_xmm_xmmm32 => Form.VexFma128(&FmaSs.NegMulAdd213),
        Code.VEX_Vfnmadd213sd_xmm_xmm_xmmm64 => Form.VexFma128(&FmaSd.NegMulAdd213),
        Code.VEX_Vfnmadd231ps_xmm_xmm_xmmm128 => Form.VexFma128(&FmaPs.NegMulAdd231),
        Code.VEX_Vfnmadd231ps_ymm_ymm_ymmm256 => Form.VexFma256(&FmaPs256.NegMulAdd231),
        Code.VEX_Vfnmadd231pd_xmm_xmm_xmmm128 => Form.VexFma128(&FmaPd.NegMulAdd231),
        Code.VEX_Vfnmadd231pd_ymm_ymm_ymmm256 => Form.VexFma256(&FmaPd256.NegMulAdd231),
        Code.VEX_Vfnmadd231ss_xmm_xmm_xmmm32 => Form.VexFma128(&FmaSs.NegMulAdd231),
        Code.VEX_Vfnmadd231sd_xmm_xmm_xmmm64 => Form.VexFma128(&FmaSd.NegMulAdd231),

        // VFNMSUB
        Code.VEX_Vfnmsub132ps_xmm_xmm_xmmm128 => Form.VexFma128(&FmaPs.NegMulSub132),
        Code.VEX_Vfnmsub132ps_ymm_ymm_ymmm256 => Form.VexFma256(&FmaPs256.NegMulSub132),
        Code.VEX_Vfnmsub132pd_xmm_xmm_xmmm128 => Form.VexFma128(&FmaPd.NegMulSub132),
        Code.VEX_Vfnmsub132pd_ymm_ymm_ymmm256 => Form.VexFma256(&FmaPd256.NegMulSub132),
        Code.VEX_Vfnmsub132ss_xmm_xmm_xmmm32 => Form.VexFma128(&FmaSs.NegMulSub132),
        Code.VEX_Vfnmsub132sd_xmm_xmm_xmmm64 => Form.VexFma128(&FmaSd.NegMulSub132),
        Code.VEX_Vfnmsub213ps_xmm_xmm_xmmm128 => Form.VexFma128(&FmaPs.NegMulSub213),
        Code.VEX_Vfnmsub213ps_ymm_ymm_ymmm256 => Form.VexFma256(&FmaPs256.NegMulSub213),
        Code.VEX_Vfnmsub213pd_xmm_xmm_xmmm128 => Form.VexFma128(&FmaPd.NegMulSub213),
        Code.VEX_Vfnmsub213pd_ymm_ymm_ymmm256 => Form.VexFma256(&FmaPd256.NegMulSub213),
        Code.VEX_Vfnmsub213ss_xmm_xmm_xmmm32 => Form.VexFma128(&FmaSs.NegMulSub213),
        Code.VEX_Vfnmsub213sd_xmm_xmm_xmmm64 => Form.VexFma128(&FmaSd.NegMulSub213),
        Code.VEX_Vfnmsub231ps_xmm_xmm_xmmm128 => Form.VexFma128(&FmaPs.NegMulSub231),
        Code.VEX_Vfnmsub231ps_ymm_ymm_ymmm256 => Form.VexFma256(&FmaPs256.NegMulSub231),
        Code.VEX_Vfnmsub231pd_xmm_xmm_xmmm128 => Form.VexFma128(&FmaPd.NegMulSub231),
        Code.VEX_Vfnmsub231pd_ymm_ymm_ymmm256 => Form.VexFma256(&FmaPd256.NegMulSub231),
        Code.VEX_Vfnmsub231ss_xmm_xmm_xmmm32 => Form.VexFma128(&FmaSs.NegMulSub231),
        Code.VEX_Vfnmsub231sd_xmm_xmm_xmmm64 => Form.VexFma128(&FmaSd.NegMulSub231),

        // VFMADDSUB
        Code.VEX_Vfmaddsub132ps_xmm_xmm_xmmm128 => Form.VexFma128(&FmaPs.MulAddSub132),
        Code.VEX_Vfmaddsub132ps_ymm_ymm_ymmm256 => Form.VexFma256(&FmaPs256.MulAddSub132),
        Code.VEX_Vfmaddsub132pd_xmm_xmm_xmmm128 => Form.VexFma128(&FmaPd.MulAddSub132),
        Code.VEX_Vfmaddsub132pd_ymm_ymm_ymmm256 => Form.VexFma256(&FmaPd256.MulAddSub132),
        Code.VEX_Vfmaddsub213ps_xmm_xmm_xmmm128 => Form.VexFma128(&FmaPs.MulAddSub213),
        Code.VEX_Vfmaddsub213ps_ymm_ymm_ymmm256 => Form.VexFma256(&FmaPs256.MulAddSub213),
        Code.VEX_Vfmaddsub213pd_xmm_xmm_xmmm128 => Form.VexFma128(&FmaPd.MulAddSub213),
        Code.VEX_Vfmaddsub213pd_ymm_ymm_ymmm256 => Form.VexFma256(&FmaPd256.MulAddSub213),
        Code.VEX_Vfmaddsub231ps_xmm_xmm_xmmm128 => Form.VexFma128(&FmaPs.MulAddSub231),
        Code.VEX_Vfmaddsub231ps_ymm_ymm_ymmm256 => Form.VexFma256(&FmaPs256.MulAddSub231),
        Code.VEX_Vfmaddsub231pd_xmm_xmm_xmmm128 => Form.VexFma128(&FmaPd.MulAddSub231),
        Code.VEX_Vfmaddsub231pd_ymm_ymm_ymmm256 => Form.VexFma256(&FmaPd256.MulAddSub231),

        // VFMSUBADD
        Code.VEX_Vfmsubadd132ps_xmm_xmm_xmmm128 => Form.VexFma128(&FmaPs.MulSubAdd132),
        Code.VEX_Vfmsubadd132ps_ymm_ymm_ymmm256 => Form.VexFma256(&FmaPs256.MulSubAdd132),
        Code.VEX_Vfmsubadd132pd_xmm_xmm_xmmm128 => Form.VexFma128(&FmaPd.MulSubAdd132),
        Code.VEX_Vfmsubadd132pd_ymm_ymm_ymmm256 => Form.VexFma256(&FmaPd256.MulSubAdd132),
        Code.VEX_Vfmsubadd213ps_xmm_xmm_xmmm128 => Form.VexFma128(&FmaPs.MulSubAdd213),
        Code.VEX_Vfmsubadd213ps_ymm_ymm_ymmm256 => Form.VexFma256(&FmaPs256.MulSubAdd213),
        Code.VEX_Vfmsubadd213pd_xmm_xmm_xmmm128 => Form.VexFma128(&FmaPd.MulSubAdd213),
        Code.VEX_Vfmsubadd213pd_ymm_ymm_ymmm256 => Form.VexFma256(&FmaPd256.MulSubAdd213),
        Code.VEX_Vfmsubadd231ps_xmm_xmm_xmmm128 => Form.VexFma128(&FmaPs.MulSubAdd231),
        Code.VEX_Vfmsubadd231ps_ymm_ymm_ymmm256 => Form.VexFma256(&FmaPs256.MulSubAdd231),
        Code.VEX_Vfmsubadd231pd_xmm_xmm_xmmm128 => Form.VexFma128(&FmaPd.MulSubAdd231),
        Code.VEX_Vfmsubadd231pd_ymm_ymm_ymmm256 => Form.VexFma256(&FmaPd256.MulSubAdd231),
        _ => default,
    };
}
