import type { Phrases } from "./topic.ts";

/** The same bot in Spanish. */
export const ES: Phrases = {
  topics: {
    faq: [
      {
        leads: [
          "Puede restablecer la contraseña desde la página de acceso, y el enlace vale durante {n} horas.",
          "Restablecer la contraseña lleva unos {n} minutos y no hace falta un administrador.",
        ],
        steps: [
          "Abra la página de acceso y elija **He olvidado mi contraseña**",
          "Escriba la dirección que usa para entrar",
          "Siga el enlace del correo que le enviamos",
          "Elija una contraseña de al menos {n} caracteres",
        ],
        notes: [
          "Si el correo no llega en {n} minutos, mire también la carpeta de spam.",
          "Después de {n} intentos fallidos la cuenta se bloquea durante {m} minutos.",
        ],
      },
      {
        leads: [
          "Los tableros borrados se quedan {m} días en la papelera, así que no se ha perdido nada.",
          "Un tablero borrado por error lo puede recuperar cualquier persona que pudiera editarlo.",
        ],
        steps: [
          "Abra la papelera al final de la barra lateral",
          "Busque el tablero por su nombre",
          "Elija **Restaurar** en el menú",
          "Compruebe que siguen los {n} miembros",
        ],
        notes: ["Pasados {m} días el tablero se elimina con todos sus archivos."],
      },
    ],
    billing: [
      {
        leads: [
          "La factura de {month} está en los ajustes y es de {amount}.",
          "Encontrará las {n} facturas de este año en la sección de facturación.",
        ],
        steps: [
          "Vaya a **Ajustes > Facturación**",
          "Abra la pestaña *Facturas*",
          "Pulse **Descargar PDF**",
          "Añada el NIF de la empresa si falta",
        ],
        notes: [
          "Esta página solo la ven los propietarios de la cuenta.",
          "El cargo aparece en su tarjeta en {n} días laborables.",
        ],
      },
      {
        leads: [
          "El reembolso de {amount} vuelve a la tarjeta con la que pagó.",
          "Un reembolso tarda de 3 a 10 días laborables y no tiene coste.",
        ],
        steps: [
          "Busque el pago en **Ajustes > Pagos**",
          "Pulse *Pedir un reembolso* al lado",
          "Elija el motivo que mejor encaje",
          "Espere nuestra confirmación, normalmente en {n} horas",
        ],
        notes: ["Es posible que su banco necesite {n} días más.", "Los planes anuales se calculan por días."],
      },
    ],
    technical: [
      {
        leads: [
          "El error {code} significa que no conocemos el certificado de su proveedor.",
          "El acceso falla porque el identificador no coincide en los dos lados.",
        ],
        steps: [
          "Descargue el certificado actual de su proveedor",
          "Súbalo en **Administración > Seguridad**",
          "Compare el identificador en los dos lados",
          "Compruebe que el reloj del servidor no se desvía más de {n} segundos",
        ],
        notes: [
          "El registro muestra los últimos {m} intentos con el motivo.",
          "Puede tener {n} certificados a la vez.",
        ],
      },
      {
        leads: [
          "El estado 429 quiere decir que se han agotado las {m} peticiones por minuto.",
          "La API permite {m} peticiones por minuto y su clave envió {n} veces más.",
        ],
        steps: [
          "Lea la cabecera `Retry-After` y espere esos segundos",
          "Pida {m} elementos por página",
          "Use una clave por tarea",
          "Reparta las tareas nocturnas en una hora",
        ],
        notes: ["La cabecera `X-RateLimit-Remaining` dice cuántas peticiones quedan."],
      },
    ],
  },
  openings: ["¡Claro!", "Por supuesto.", "¡Claro que sí!"],
  listIntros: ["Se hace así:", "Los pasos son:", "Siga estos pasos:"],
  closings: ["No dude en escribirme si algo no cuadra.", "¿Hay algo más en lo que pueda ayudarle?"],
  hedges: ["Quizás esto le sirva: ", "Tal vez en su caso sea distinto, pero "],
  smalltalk: [
    "¡Buenos días! ¿En qué puedo ayudarle hoy con Planwise?",
    "¡De nada! Que tenga un buen día.",
    "Me alegro de que ya funcione. ¡Buen fin de semana!",
    "Gracias por avisar, lo he apuntado para el equipo.",
    "¡Hola! ¿Qué puedo hacer por usted?",
  ],
  refusals: [
    "Lo siento, pero no puedo ayudarle con eso.",
    "No puedo dar información sobre la cuenta de otro cliente.",
    "No tengo acceso a esa información, así que no puedo responder.",
  ],
  questions: [
    "¿Me puede decir el número de pedido? Empieza por PW y está en la confirmación.",
    "¿De qué espacio de trabajo se trata?",
  ],
};
